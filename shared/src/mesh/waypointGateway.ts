import type { Gateway, Listener } from '../resources/gateway.js'
import type { Resource } from '../resources/resource.js'
import { WAYPOINT_FOR } from '../vocabulary/labels.js'
import { allowsRoutesOf } from './allowedRoutes.js'
import { query, type Mesh } from './mesh.js'
import { HBONE_PORT } from '../vocabulary/ports.js'

/** Traffic to Services, or to the addresses of workloads. */
export type TrafficType = 'service' | 'workload'

/** `istio.io/waypoint-for` of the Gateway, else of its class, else `service` (waypoints.go:375-389). */
export const waypointFor = query('waypoint-for', (mesh, gateway: Gateway): string => {
  return (
    gateway.labels?.[WAYPOINT_FOR] ??
    mesh.named('GatewayClass', '', gateway.gatewayClassName)?.labels?.[WAYPOINT_FOR] ??
    'service'
  )
})

/** Whether a waypoint takes traffic of a type. */
export function serves(mesh: Mesh, gateway: Gateway, traffic: TrafficType): boolean {
  const served = mesh.get(waypointFor, gateway)
  return served === 'all' || served === traffic
}

/** Whether a waypoint takes some traffic to an object that uses it. */
export function servesObject(mesh: Mesh, gateway: Gateway, { type }: Resource): boolean {
  if (type === 'Namespace') return mesh.get(waypointFor, gateway) !== 'none'
  return serves(
    mesh,
    gateway,
    type === 'Service' || type === 'ServiceEntry' ? 'service' : 'workload',
  )
}

/** The listener whose `allowedRoutes` decide who may use a waypoint. */
export function hboneListener(gateway: Gateway): Listener | undefined {
  return gateway.listeners.find(({ protocol, port }) => protocol === 'HBONE' && port === HBONE_PORT)
}

/**
 * Whether objects of a namespace may use a waypoint: by the routes that its HBONE listener on port
 * 15008 allows, `Same` without such a listener (waypoints.go:568-663).
 */
export function allows(mesh: Mesh, gateway: Gateway, consumer: string): boolean | 'unknown' {
  const { allowedRoutes } = hboneListener(gateway) ?? {}
  return allowsRoutesOf(mesh, { gateway, allowedRoutes }, consumer)
}

/**
 * Whether several definitions of a Gateway give a namespace the same waypoint. Where the files are
 * the whole mesh, the first definition counts.
 */
export function definitionsAgree(
  mesh: Mesh,
  definitions: readonly Gateway[],
  consumer: string,
): boolean {
  const ways = new Set(
    definitions.map(
      (gateway) =>
        `${gateway.gatewayClassName} ${mesh.get(waypointFor, gateway)} ${String(allows(mesh, gateway, consumer))}`,
    ),
  )
  return mesh.world === 'closed' || ways.size === 1
}
