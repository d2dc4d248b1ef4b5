import type { Workload } from '../../inventory/workloads.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload } from '../../mesh/services.js'
import { podLabels } from '../../mesh/pods.js'
import { waypointOfNamespace, waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { serves } from '../../mesh/waypointGateway.js'
import { CERTAIN } from '../../mesh/certainty.js'
import type { Gateway } from '../../resources/gateway.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { WaypointExplanation } from '../explanation.js'
import { Notes, shownName, type NotesResult } from './notes.js'
import { canaryOfService, shareOfCanary } from '../../mesh/canary.js'
import { explainWaypoint, principalOfGateway, routeKey } from './waypointWords.js'
import { groupBy } from '../../text/collections.js'

/**
 * A path from clients in the mesh to a workload, and the identity that its ztunnel sees (docs/semantics.md §2.5, §7).
 */
export interface TrafficPath {
  readonly waypoint: WaypointExplanation
  readonly gateway: Gateway | undefined
  /** `client`, the waypoint's principal, or `unknown`. */
  readonly identity: string
  /** The Services on this path; empty for traffic to the workload's own address. */
  readonly services: readonly (Service | ServiceEntry)[]
}

/**
 * The paths of traffic to the Services of a workload, and of traffic to its own address if it has a workload
 * waypoint.
 */
export function pathsTo(mesh: Mesh, workload: Workload, notes: Notes): readonly TrafficPath[] {
  const { paths, notes: found } = mesh.get(pathsOf, workload)
  notes.add(found)
  return paths
}

const pathsOf = query(
  'traffic paths',
  (
    mesh,
    workload: Workload,
  ): { readonly paths: readonly TrafficPath[]; readonly notes: NotesResult } => {
    const notes = new Notes()
    return { paths: findPaths(mesh, workload, notes), notes: notes.result() }
  },
)

function findPaths(mesh: Mesh, workload: Workload, notes: Notes): readonly TrafficPath[] {
  const services = servicesOf(mesh, workload)
  const canaries = services.flatMap((service) => canaryPath(mesh, service, notes) ?? [])
  const byService = services
    .filter((service) => shareOfCanary(mesh, service) < 100)
    .map((service) => ({
      service,
      subject: service,
      binding: mesh.get(waypointOfService, service),
    }))
  const inherited = {
    service: undefined,
    subject: { namespace: workload.namespace },
    binding: serviceWaypointOf(mesh, workload.namespace),
  }
  const own = {
    service: undefined,
    subject: { namespace: workload.namespace, labels: podLabels(workload) },
    binding: mesh.get(waypointOfWorkload, workload),
  }
  const candidates = [
    ...(services.length > 0 ? byService : [inherited]),
    ...(own.binding.status === 'bound' ? [own] : []),
  ]
  const groups = groupBy(candidates, ({ binding }) => routeKey(binding))
  const paths = [...groups.values()].flatMap((group) => {
    const [first] = group
    return first
      ? [
          pathOf(
            mesh,
            first,
            group.flatMap(({ service }) => service ?? []),
            notes,
          ),
        ]
      : []
  })
  return [...paths, ...canaries]
}

/** The path through the canary waypoint of a Service (docs/semantics.md §2.4). */
function canaryPath(
  mesh: Mesh,
  service: Service | ServiceEntry,
  notes: Notes,
): TrafficPath | undefined {
  const gateway = canaryOfService(mesh, service)
  if (!gateway) return undefined
  const share = shareOfCanary(mesh, service)
  return {
    waypoint: {
      status: 'bound',
      name: shownName(gateway),
      why: `it is the canary waypoint of ${shownName(service)} for ${share} % of the connections`,
    },
    gateway,
    identity: principalOfGateway(mesh, gateway, notes),
    services: [service],
  }
}

function pathOf(
  mesh: Mesh,
  {
    binding,
    subject,
  }: { binding: WaypointBinding; subject: Parameters<typeof explainWaypoint>[2] },
  services: TrafficPath['services'],
  notes: Notes,
): TrafficPath {
  const gateway = binding.status === 'bound' ? binding.gateway : undefined
  const identity = gateway
    ? principalOfGateway(mesh, gateway, notes)
    : binding.status === 'unknown'
      ? 'unknown'
      : 'client'
  return { waypoint: explainWaypoint(mesh, binding, subject, notes), gateway, identity, services }
}

/** The waypoint of the Services in a namespace that have no label of their own. */
export function serviceWaypointOf(mesh: Mesh, namespace: string): WaypointBinding {
  const binding = mesh.get(waypointOfNamespace, namespace)
  return binding.status === 'bound' && !serves(mesh, binding.gateway, 'service')
    ? { status: 'none', certainty: CERTAIN }
    : binding
}

/** The Services and ServiceEntries of a workload. */
function servicesOf(mesh: Mesh, workload: Workload): readonly (Service | ServiceEntry)[] {
  const entries = mesh
    .inNamespace('ServiceEntry', workload.namespace)
    .filter(
      (entry) =>
        !isEmptyLabels(entry.workloadSelector) &&
        matchesLabels(entry.workloadSelector, podLabels(workload)),
    )
  return [...mesh.get(servicesOfWorkload, workload), ...entries]
}
