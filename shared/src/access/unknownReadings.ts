import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { unknownRevision } from '../mesh/discovery.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { discoveryOf } from '../mesh/namespaces.js'
import { waypointByLabels } from '../mesh/waypoints.js'
import { qualifiedName } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { REVISIONED } from '../vocabulary/labels.js'
import type { Client } from './client.js'
import { objectOf, type KnownDestination } from './destination.js'

/** What istiod may not read of a destination. */
interface UnknownReadings {
  /** What the answer assumes about objects with a revision that no file gives istiod. */
  readonly revisions: readonly string[]
  /** Namespaces with objects of which the files do not show whether `discoverySelectors` select them. */
  readonly namespaces: readonly string[]
}

/**
 * What an answer assumes about what istiod reads: objects with a revision that no file gives istiod, and
 * namespaces of which the files do not show whether `discoverySelectors` select them.
 */
export function unknownReadings(
  mesh: Mesh,
  client: Client,
  destination: KnownDestination,
): readonly string[] {
  const { revisions, namespaces } = mesh.get(readingsAt, objectOf(destination))
  const own = client.identity?.namespace
  const isOwnKnown =
    own === undefined || namespaces.includes(own) || mesh.get(discoveryOf, own) !== 'unknown'
  return [
    ...revisions,
    ...[...namespaces, ...(isOwnKnown ? [] : [own])].map(
      (place) => `discoverySelectors select the namespace ${place}`,
    ),
  ]
}

const readingsAt = query(
  'unknown readings',
  (mesh, object: Service | ServiceEntry | Workload): UnknownReadings => {
    const places = placesOf(mesh, object)
    return {
      revisions: places.flatMap((place) => mesh.get(unknownRevisionsIn, place)),
      namespaces: places.filter(
        (place) => hasObjects(mesh, place) && mesh.get(discoveryOf, place) === 'unknown',
      ),
    }
  },
)

const unknownRevisionsIn = query(
  'unknown revisions',
  (mesh, namespace: string): readonly string[] =>
    REVISIONED.flatMap((type) =>
      mesh.inNamespace<(typeof REVISIONED)[number]>(type, namespace).flatMap((resource) => {
        const revision = unknownRevision(mesh, resource)
        return revision === undefined
          ? []
          : [
              `the istiod of this mesh has the revision "${revision}" and reads the ${type} ${qualifiedName(resource)}`,
            ]
      }),
    ),
)

/** The kinds of objects that can change an answer. */
const DECIDING = [
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'Gateway',
  'Service',
  'ServiceEntry',
] as const

function hasObjects(mesh: Mesh, namespace: string): boolean {
  return (
    DECIDING.some((type) => mesh.inNamespace(type, namespace).length > 0) ||
    mesh.workloadsAt(keys.workloads(namespace)).length > 0
  )
}

/** The namespaces whose objects can decide: of the destination, of its waypoint, and the root namespace. */
function placesOf(mesh: Mesh, object: Service | ServiceEntry | Workload): string[] {
  const { rootNamespace } = mesh.settings
  if (object.type !== 'Service' && object.type !== 'ServiceEntry')
    return [...new Set([object.namespace, rootNamespace])]
  const binding = mesh.get(waypointByLabels, object)
  const waypoint = binding.status === 'bound' ? [binding.gateway.namespace] : []
  return [...new Set([object.namespace, rootNamespace, ...waypoint])]
}
