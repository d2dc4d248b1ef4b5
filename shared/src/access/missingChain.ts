import type { Mesh } from '../mesh/mesh.js'
import { hasRejectedProtocol, lacksChain } from '../waypoint/wildcardHosts.js'
import type { KnownDestination } from './destination.js'
import type { Verdict } from './request.js'

const NO_CHAIN = 'the waypoint has no filter chain for TLS ports of a wildcard host'

const REJECTED_PROTOCOL =
  'istiod rejects the ServiceEntry with HTTPS and dynamic DNS, or the waypoint resets the connection'

/** Why a waypoint has no filter chain for a destination, and its verdict; undefined if it has one. */
export function chainMissing(
  mesh: Mesh,
  destination: KnownDestination,
): { readonly verdict: Verdict; readonly why: string } | undefined {
  if (destination.kind === 'workload' || destination.service.type === 'Service') return undefined
  const { service, host = '', port } = destination
  if (!lacksChain(mesh, service, { host, port })) return undefined
  return hasRejectedProtocol(service, port)
    ? { verdict: 'undecided', why: REJECTED_PROTOCOL }
    : { verdict: 'deny', why: NO_CHAIN }
}
