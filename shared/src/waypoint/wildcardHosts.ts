import type { WaypointBinding } from '../mesh/waypointBinding.js'
import type { Mesh } from '../mesh/mesh.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { protocolOf } from './portProtocol.js'

/**
 * Whether a waypoint resets connections to a port of a wildcard host: it has no filter chain for TLS
 * (`listener_waypoint.go:570-575`).
 */
export function lacksChain(
  mesh: Mesh,
  { resolution, ports }: ServiceEntry,
  { host, port }: { readonly host: string; readonly port: number },
): boolean {
  return (
    host.startsWith('*') &&
    resolution === 'DYNAMIC_DNS' &&
    !mesh.settings.flag('ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS') &&
    ports.some(({ number, protocol }) => number === port && protocolOf(protocol) === 'tls')
  )
}

/**
 * Whether istiod rejects the protocol of a port without a chain: HTTPS with dynamic DNS (`validation.go`
 * ValidateServiceEntry). Where validation is off, the waypoint reads it as TLS.
 */
export function hasRejectedProtocol({ ports }: ServiceEntry, port: number): boolean {
  return ports.some(({ number, protocol }) => number === port && protocol.toLowerCase() === 'https')
}

/** Whether a wildcard host works only through a waypoint, and has none (`istio.io/WaypointMissing`). */
export function isUnboundWildcard(
  { resolution }: ServiceEntry,
  host: string,
  { status }: WaypointBinding,
): boolean {
  return host.startsWith('*') && resolution === 'DYNAMIC_DNS' && status !== 'bound'
}
