import { explainObject } from '../explain/explainObject.js'
import { keys } from '../inventory/indexKeys.js'
import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName, type Resource, type ResourceType } from '../resources/resource.js'
import { NAMING_KINDS } from './mentionsOf.js'

/**
 * The objects that a code lens counts, so that an editor can show them: the targets and waypoints of a policy, the
 * policies and the waypoint of a workload or Service, what uses a service account.
 */
export function lensObjects(mesh: Mesh, resource: Resource): readonly Resource[] {
  const found = namesOf(mesh, resource).flatMap(({ kind, name }) => objectNamed(mesh, kind, name))
  return [...new Set(found)].filter((object) => object !== resource)
}

interface NamedObject {
  /** Undefined for a workload of any kind. */
  readonly kind: string | undefined
  /** `namespace/name`. */
  readonly name: string
}

function namesOf(mesh: Mesh, resource: Resource): readonly NamedObject[] {
  const explanation = explainObject(mesh, resource)
  if (!explanation) return []
  switch (explanation.kind) {
    case 'AuthorizationPolicy':
      return explanation.targets.flatMap(({ kind, name, waypoint }) => [
        { kind, name },
        ...waypointOf(waypoint),
      ])
    case 'PeerAuthentication':
      return explanation.workloads.map(({ name }) => ({ kind: undefined, name }))
    case 'ServiceAccount':
      return [
        ...explanation.usedBy,
        ...explanation.namedBy.map(({ name }) => ({ kind: 'AuthorizationPolicy', name })),
      ]
    default:
      return [
        ...explanation.policies,
        ...(explanation.waypoint ? waypointOf(explanation.waypoint) : []),
      ]
  }
}

function waypointOf({
  status,
  name,
}: {
  readonly status: string
  readonly name: string | null
}): NamedObject[] {
  return status === 'bound' && name !== null ? [{ kind: 'Gateway', name }] : []
}

function objectNamed(mesh: Mesh, kind: string | undefined, name: string): readonly Resource[] {
  const [namespace = '', own = ''] = name.includes('/') ? name.split('/') : ['', name]
  if (kind === undefined)
    return mesh
      .workloadsAt(keys.workloads(namespace))
      .filter((workload) => qualifiedName(workload) === name)
  const type = NAMING_KINDS.find((candidate) => candidate === kind)
  return type ? mesh.written<ResourceType>(type, keys.named(type, namespace, own)) : []
}
