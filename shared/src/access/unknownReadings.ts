import { keys } from '../inventory/indexKeys.js'
import { unknownRevision } from '../mesh/discovery.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { discoveryOf } from '../mesh/namespaces.js'
import { waypointByLabels } from '../mesh/waypoints.js'
import { qualifiedName } from '../resources/resource.js'
import { REVISIONED } from '../vocabulary/labels.js'
import type { Client } from './client.js'
import type { KnownDestination } from './destination.js'

/**
 * What an answer assumes about what istiod reads: objects with a revision that no file gives istiod, and
 * namespaces of which the files do not show whether `discoverySelectors` select them.
 */
export function unknownReadings(
  mesh: Mesh,
  client: Client,
  destination: KnownDestination,
): string[] {
  const places = placesOf(mesh, destination)
  const revisions = places.flatMap((place) => mesh.get(unknownRevisionsIn, place))
  const own = client.identity ? [client.identity.namespace] : []
  const undescribed = [...new Set([...places.filter((place) => hasObjects(mesh, place)), ...own])]
    .filter((place) => mesh.get(discoveryOf, place) === 'unknown')
    .map((place) => `discoverySelectors select the namespace ${place}`)
  return [...revisions, ...undescribed]
}

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
function placesOf(mesh: Mesh, destination: KnownDestination): string[] {
  const { rootNamespace } = mesh.settings
  if (destination.kind === 'workload')
    return [...new Set([destination.backend.workload.namespace, rootNamespace])]
  const binding = mesh.get(waypointByLabels, destination.service)
  const waypoint = binding.status === 'bound' ? [binding.gateway.namespace] : []
  return [...new Set([destination.service.namespace, rootNamespace, ...waypoint])]
}
