import type { Client } from '../access/client.js'
import { unknownPods } from '../access/assumptions.js'
import { destinationOf, type Backend, type KnownDestination } from '../access/destination.js'
import { allDestinations, destinationKey } from './destinations.js'
import { hostReadings, type HostReading } from './hostReadings.js'
import type { RequestTarget } from '../access/request.js'
import { resolveEndpoints, routesTo } from '../access/route.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import type { Mesh } from '../mesh/mesh.js'
import { workloadsOfService } from '../mesh/services.js'
import type { Workload } from '../inventory/workloads.js'
import type { WaypointChain } from '../waypoint/attachment.js'
import type { PortProtocol } from '../waypoint/portProtocol.js'
import { routeTables, type RouteTable } from '../waypoint/routeTables.js'

export type ClientKind = Client['kind']

/** How the clients of some kinds get to a destination: sidecars and clients outside of the mesh use no waypoint. */
export type Way = 'ambient' | 'ingress' | 'direct'

export const WAYS: readonly Way[] = ['ambient', 'ingress', 'direct']

export const WAY_OF: Readonly<Record<ClientKind, Way>> = {
  ambient: 'ambient',
  ingress: 'ingress',
  sidecar: 'direct',
  outside: 'direct',
}

const KIND_OF: Readonly<Record<Way, ClientKind>> = {
  ambient: 'ambient',
  ingress: 'ingress',
  direct: 'outside',
}

/** The proxies on a way to a destination. */
export interface Reach {
  /** The waypoints: their proxies see the client. */
  readonly chains: readonly WaypointChain[]
  /** The tables with routes that a waypoint may use, for HTTP and for TCP. */
  readonly tables: readonly { readonly isHttp: boolean; readonly table: RouteTable }[]
  /** Pods that see the client, with their ports. */
  readonly direct: readonly Backend[]
  /** Pods of the destination that see a waypoint. */
  readonly behind: readonly Backend[]
  /** Pods to which routes of a waypoint can send requests. */
  readonly routed: readonly Workload[]
  /** How the Service declares the port; `sniffed` for a pod, and where definitions of a host differ. */
  readonly protocol: PortProtocol
  /** Why the pods of the destination are not known, once for each Service. */
  readonly unknownPods: readonly string[]
  /** What the clients of some namespaces reach by a host; empty if all reach the same. */
  readonly readings: readonly HostReading[]
}

/** The proxies on each way to a destination. */
export type Reaches = Readonly<Record<Way, Reach>>

/**
 * The proxies on each way to a destination: the same object for ways with the same proxies. Undefined for a
 * destination that the files do not have.
 */
export function reachesOf(mesh: Mesh, target: RequestTarget): Reaches | undefined {
  const named = destinationOf(mesh, target)
  const readings = 'host' in target ? hostReadings(mesh, target) : []
  const isReached = named.kind !== 'missing' || readings.some(({ isDefined }) => isDefined)
  // No client may get an address for a host that a ServiceEntry defines: the connection bypasses it.
  if (!isReached && !mesh.get(allDestinations, '').has(destinationKey(target))) return undefined
  const known = named.kind === 'missing' ? [] : [named]
  const direct = reachOf(mesh, 'direct', known)
  const ingress = reachOf(mesh, 'ingress', known)
  const ambient =
    'host' in target
      ? {
          ...reachOf(
            mesh,
            'ambient',
            distinctDestinations(readings.flatMap((each) => each.destinations)),
          ),
          readings,
        }
      : reachOf(mesh, 'ambient', known)
  return {
    direct,
    ingress: isSameReach(ingress, direct) ? direct : ingress,
    ambient: isSameReach(ambient, direct) ? direct : ambient,
  }
}

/** Whether two ways lead straight to the same pods. */
function isSameReach(a: Reach, b: Reach): boolean {
  return (
    [a, b].every(({ chains, readings }) => chains.length === 0 && readings.length === 0) &&
    a.protocol === b.protocol &&
    a.unknownPods.join() === b.unknownPods.join() &&
    a.direct.length === b.direct.length &&
    a.direct.every(
      ({ workload, port }, index) =>
        workload === b.direct[index]?.workload && port === b.direct[index].port,
    )
  )
}

/** The proxies on a way to some destinations. */
function reachOf(mesh: Mesh, way: Way, destinations: readonly KnownDestination[]): Reach {
  const client: Client = {
    kind: KIND_OF[way],
    identity: undefined,
    ip: undefined,
    dnsCapture: [],
    assumptions: [],
  }
  const routes = destinations
    .flatMap((destination) => resolveEndpoints(mesh, client, destination))
    .flatMap((endpoint) => routesTo(mesh, client, endpoint).map((chain) => ({ endpoint, chain })))
  const tables = routes.flatMap(({ endpoint, chain }) => tablesOf(mesh, endpoint, chain))
  return {
    chains: routes.flatMap(({ chain }) => chain ?? []),
    tables,
    direct: routes.flatMap(({ endpoint, chain }) => (chain ? [] : backendsOf(endpoint))),
    behind: routes.flatMap(({ endpoint, chain }) => (chain ? backendsOf(endpoint) : [])),
    routed: [...new Set(tables.flatMap(({ table }) => routedWorkloads(mesh, table)))],
    protocol: protocolOf(destinations),
    unknownPods: destinations.flatMap((each) => unknownPods(mesh, each)),
    readings: [],
  }
}

function distinctDestinations(destinations: readonly KnownDestination[]): KnownDestination[] {
  const key = (each: KnownDestination) =>
    each.kind === 'service' ? each.service : each.backend.workload
  return [...new Map(destinations.map((each) => [key(each), each])).values()]
}

function protocolOf(destinations: readonly KnownDestination[]): PortProtocol {
  const [first, ...others] = new Set(
    destinations.map((each) => (each.kind === 'service' ? each.protocol : 'sniffed')),
  )
  return first && others.length === 0 ? first : 'sniffed'
}

function backendsOf(destination: KnownDestination): readonly Backend[] {
  return destination.kind === 'workload' ? [destination.backend] : destination.backends
}

function tablesOf(
  mesh: Mesh,
  destination: KnownDestination,
  chain: WaypointChain | undefined,
): Reach['tables'] {
  if (destination.kind !== 'service' || !chain?.service) return []
  const { gateway, service } = chain
  return [true, false].flatMap((isHttp) =>
    routeTables(mesh, { gateway, service }, { port: destination.port, isHttp }).map((table) => ({
      isHttp,
      table,
    })),
  )
}

function routedWorkloads(mesh: Mesh, { rules }: RouteTable): Workload[] {
  return rules.flatMap(({ destinations }) =>
    destinations.flatMap(({ services }) =>
      services.flatMap((service) => mesh.get(workloadsOfService, service)),
    ),
  )
}

/** Whether a pod has a sidecar, which reads HTTP. */
export function hasSidecar(mesh: Mesh, workload: Workload): boolean {
  return mesh.get(enrolmentOf, workload).mode === 'sidecar'
}

/** Whether ztunnel evaluates the connections to a pod. */
export function hasZtunnel(mesh: Mesh, workload: Workload): boolean {
  const { mode } = mesh.get(enrolmentOf, workload)
  return mode !== 'sidecar' && mode !== 'none'
}
