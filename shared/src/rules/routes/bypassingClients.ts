import { ingressUsesWaypoint } from '../../access/route.js'
import type { Workload } from '../../inventory/workloads.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { waypointOfWorkload } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import { hasSidecars } from '../support/sidecars.js'
import type { DirectAccess } from './directAccess.js'

/** Clients that do not use waypoints (docs/semantics.md §2.5), as messages name them. */
export type ClientKind =
  | 'clients of pod IPs'
  | 'sidecars'
  | 'ingress gateways'
  | 'plaintext clients'

interface BypassedPath {
  readonly workload: Workload
  readonly service: Service
  readonly gateway: Gateway
  /** Whether the policy at the waypoint applies to all its traffic, not to one Service's. */
  readonly allTraffic: boolean
}

/** The kinds of clients that reach the pods without the waypoint. Empty where there are none. */
export function bypassingClients(
  mesh: Mesh,
  { workload, service, gateway, allTraffic }: BypassedPath,
  { anyIdentity, plaintext }: Pick<DirectAccess, 'anyIdentity' | 'plaintext'>,
): ClientKind[] {
  const ownWaypoint = mesh.get(waypointOfWorkload, workload)
  // A Service's policies never apply to traffic to pod IPs; the Gateway's policies do (docs/semantics.md §3.2).
  const podIpsProtected =
    allTraffic && ownWaypoint.status === 'bound' && ownWaypoint.gateway === gateway
  const kinds: ClientKind[] = []
  if (anyIdentity && !podIpsProtected) kinds.push('clients of pod IPs')
  if (anyIdentity && mesh.get(hasSidecars, '')) kinds.push('sidecars')
  if (anyIdentity && !ingressUsesWaypoint(mesh, service) && mesh.get(hasIngressGateway, ''))
    kinds.push('ingress gateways')
  if (plaintext) kinds.push('plaintext clients')
  return kinds
}

const hasIngressGateway = query(
  'has ingress gateway',
  (mesh, _: ''): boolean =>
    mesh
      .all('Gateway')
      .some(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'ingress') ||
    mesh.all('Gateway.networking.istio.io').length > 0,
)
