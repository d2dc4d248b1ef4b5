import type { Mesh } from '../../mesh/mesh.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { attachmentsOf } from '../../rules/support/waypointAttachments.js'
import { attributesOf } from '../../rules/support/ruleAttributes.js'
import { isHttpAttribute } from '../../vocabulary/attributes.js'
import { chainPorts, matchesPort } from '../../waypoint/chainPorts.js'
import { isOpaque } from '../../waypoint/portProtocol.js'
import { listedUpTo, shownName } from '../support/notes.js'
import { ruleSentence } from './ruleWords.js'

/**
 * The rules of a policy at its waypoints, in sentences without their full stop. A TCP port has no HTTP attributes: an
 * ALLOW rule with one is dropped there, and rules of other actions match more (docs/semantics.md §3.9).
 *
 * @param whom the targets of the policy.
 */
export function rulesAtWaypoint(mesh: Mesh, policy: AuthorizationPolicy, whom: string): string[] {
  const { tcp, hasOthers } = portsOf(mesh, policy)
  const http = new Set(
    attributesOf(policy)
      .filter(({ attribute }) => attribute && isHttpAttribute(attribute))
      .map(({ rule }) => rule),
  )
  return policy.rules.flatMap((rule, index) => {
    const written = ruleSentence(policy, rule, 'written', whom)
    const places = http.has(index) ? placesOf(tcp, rule) : []
    if (places.length === 0) return [written]
    const where = `on ${listedUpTo(places, 'and')}`
    const there =
      policy.action === 'ALLOW'
        ? `${where} rule ${index + 1} allows nothing, because it needs HTTP`
        : `${where} rule ${index + 1} matches without its HTTP attributes: it ${ruleSentence(policy, rule, 'tcp')}`
    return hasOthers ? [written, there] : [there]
  })
}

interface TcpPort {
  readonly target: string
  readonly port: number
}

/** The TCP ports at the waypoints of a policy, and whether there are others, or may be. */
function portsOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
): { readonly tcp: readonly TcpPort[]; readonly hasOthers: boolean } {
  const attachments = mesh.get(attachmentsOf, policy)
  const chains = attachments.flatMap((attachment) => attachment.chains)
  const ports = chains.flatMap(({ service }) =>
    (service ? chainPorts(service) : []).map(({ port, protocol }) => ({
      target: service ? `${service.type} ${shownName(service)}` : '',
      port,
      isTcp: isOpaque(protocol),
    })),
  )
  return {
    tcp: ports.filter(({ isTcp, port }) => isTcp && port > 0),
    hasOthers:
      attachments.length < policy.targetRefs.length ||
      ports.some(({ isTcp }) => !isTcp) ||
      chains.some(({ gateway, service }) => !service && serves(mesh, gateway, 'workload')),
  }
}

/** `TCP port 443 of ServiceEntry egress/api`, for the ports that a rule can match. */
function placesOf(tcp: readonly TcpPort[], rule: Rule): string[] {
  const places = tcp
    .filter(({ port }) => matchesPort(rule, port))
    .map(({ target, port }) => `TCP port ${port} of ${target}`)
  return [...new Set(places)]
}
