import type { Workload } from '../../inventory/workloads.js'
import type { Evidence, KnownCertainty } from '../../mesh/certainty.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { selectorKey } from '../../mesh/selectorClasses.js'
import { servicesOfWorkload } from '../../mesh/services.js'
import { servicesOfWaypoint } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { ProtectedTraffic } from '../support/protectedTraffic.js'
import { groupBy, NONE } from '../../text/collections.js'
import { trafficClassesOf } from '../support/trafficClasses.js'
import {
  reachedContainerPorts,
  waypointPaths,
  type WaypointPath,
} from '../support/waypointPaths.js'
import { bypassingClients, type ClientKind } from './bypassingClients.js'
import { openDoors, type OpenDoor } from './openDoors.js'
import { directAccess, type DirectAccess } from './directAccess.js'

/** One container port of workloads of one class that clients reach without their waypoint. */
export interface Bypass {
  readonly workloads: readonly Workload[]
  readonly service: Service
  readonly access: DirectAccess
  /** Kinds of clients that bypass the waypoint without a policy that names them. */
  readonly clientKinds: readonly ClientKind[]
  /** Objects in the files through which clients bypass the waypoint. */
  readonly doors: readonly OpenDoor[]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/** Every bypass of the waypoint that protects this traffic. */
export function bypassesOf(mesh: Mesh, traffic: ProtectedTraffic): readonly Bypass[] {
  if (traffic.allTraffic) return mesh.get(bypassesOfWaypoint, traffic.gateway)
  return traffic.targets.flatMap((target) => bypassesTo(mesh, traffic, target))
}

/** The bypasses of all traffic of a waypoint: all policies of the waypoint share the list. */
const bypassesOfWaypoint = query(
  'bypasses of waypoint',
  (mesh, gateway: Gateway): readonly Bypass[] =>
    mesh
      .get(servicesOfWaypoint, gateway)
      .flatMap((target) =>
        target.type === 'Service'
          ? (mesh.get(bypassesByWaypoint, target).get(gateway) ?? NONE)
          : NONE,
      ),
)

/** The bypasses to one Service, so that a change of its workloads is no work for the others. */
const bypassesByWaypoint = query(
  'bypasses by waypoint',
  (mesh, service: Service): ReadonlyMap<Gateway, readonly Bypass[]> =>
    new Map(
      classesOf(mesh, service)
        .flatMap(([workload]) => (workload ? pathsTo(mesh, service, workload) : []))
        .map(({ gateway }) => [gateway, bypassesTo(mesh, { gateway, allTraffic: true }, service)]),
    ),
)

function bypassesTo(
  mesh: Mesh,
  { gateway, allTraffic }: Pick<ProtectedTraffic, 'gateway' | 'allTraffic'>,
  service: Service | ServiceEntry,
): readonly Bypass[] {
  if (service.type !== 'Service') return NONE
  return classesOf(mesh, service).flatMap((workloads) => {
    const [workload] = workloads
    const path =
      workload &&
      pathsTo(mesh, service, workload).find((candidate) => candidate.gateway === gateway)
    if (!path) return []
    const ports = reachedContainerPorts(workload, service)
    return mesh
      .get(directAccess, workload)
      .filter(({ port }) => ports.includes(port))
      .flatMap((access): Bypass[] => {
        const bypassed = { workload, service, gateway, allTraffic }
        const clientKinds = bypassingClients(mesh, bypassed, access)
        if (clientKinds.length === 0 && access.clients.length === 0) return []
        const doors = mesh
          .get(openDoors, workload)
          .filter(
            ({ ports: reached, isPlaintext }) =>
              reached.includes(access.port) &&
              (access.plaintext || (access.anyIdentity && !isPlaintext)),
          )
        return [
          {
            workloads,
            service,
            access,
            clientKinds,
            doors,
            certainties: path.certainties,
            evidence: [
              ...doors.map(({ evidence }) => evidence),
              ...path.evidence,
              ...mesh.get(headlessEvidence, workload),
              ...policyEvidence(access),
            ],
          },
        ]
      })
  })
}

/** The workloads of a Service, in classes. */
function classesOf(mesh: Mesh, service: Service): readonly (readonly Workload[])[] {
  if (isEmptyLabels(service.selector)) return NONE
  const selection = selectorKey({ namespace: service.namespace, labels: service.selector })
  return mesh.get(trafficClassesOf, selection)
}

function pathsTo(mesh: Mesh, service: Service, workload: Workload): readonly WaypointPath[] {
  return mesh.get(pathsByService, workload).get(service) ?? NONE
}

const pathsByService = query(
  'waypoint paths by Service',
  (mesh, workload: Workload): ReadonlyMap<Service | undefined, readonly WaypointPath[]> =>
    groupBy(mesh.get(waypointPaths, workload), ({ service }) => service),
)

const headlessEvidence = query(
  'headless evidence',
  (mesh, workload: Workload): readonly Evidence[] =>
    mesh
      .get(servicesOfWorkload, workload)
      .filter(({ headless }) => headless)
      .map((resource) => ({
        resource,
        path: ['spec', 'clusterIP'],
        message: `Clients of the headless Service "${resource.name}" call pod IPs.`,
      })),
)

function policyEvidence({ openedBy, clients }: DirectAccess): Evidence[] {
  return [...new Set([...openedBy, ...clients.map(({ policy }) => policy)])].map((resource) => ({
    resource,
    path: ['metadata', 'name'],
    message: 'This policy allows direct access at ztunnel.',
  }))
}
