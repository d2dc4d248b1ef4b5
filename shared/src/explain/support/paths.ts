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
import { explainWaypoint, principalOfGateway, wayOf } from './waypointWords.js'
import { groupBy } from '../../text/collections.js'

/**
 * A path from clients in the mesh to a workload, and the identity that its ztunnel sees (docs/semantics.md §2.5, §7).
 */
export interface Way {
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
export function waysTo(mesh: Mesh, workload: Workload, notes: Notes): readonly Way[] {
  const { ways, rests } = mesh.get(waysOf, workload)
  notes.add(rests)
  return ways
}

const waysOf = query(
  'ways',
  (mesh, workload: Workload): { readonly ways: readonly Way[]; readonly rests: NotesResult } => {
    const notes = new Notes()
    return { ways: findWays(mesh, workload, notes), rests: notes.result() }
  },
)

function findWays(mesh: Mesh, workload: Workload, notes: Notes): readonly Way[] {
  const services = servicesOf(mesh, workload)
  const canaries = services.flatMap((service) => canaryWay(mesh, service, notes) ?? [])
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
  const groups = groupBy(candidates, ({ binding }) => wayOf(binding))
  const ways = [...groups.values()].flatMap((group) => {
    const [first] = group
    return first
      ? [
          wayAlong(
            mesh,
            first,
            group.flatMap(({ service }) => service ?? []),
            notes,
          ),
        ]
      : []
  })
  return [...ways, ...canaries]
}

/** The way of the connections that the canary waypoint of a Service takes (docs/semantics.md §2.4). */
function canaryWay(mesh: Mesh, service: Service | ServiceEntry, notes: Notes): Way | undefined {
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

function wayAlong(
  mesh: Mesh,
  {
    binding,
    subject,
  }: { binding: WaypointBinding; subject: Parameters<typeof explainWaypoint>[2] },
  services: Way['services'],
  notes: Notes,
): Way {
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
