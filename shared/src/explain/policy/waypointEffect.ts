import type { Workload } from '../../inventory/workloads.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import { shownName, type Notes } from '../support/notes.js'
import { pathsTo } from '../support/paths.js'
import { portsOf } from '../support/ports.js'
import { principalOfGateway } from '../support/waypointWords.js'
import { addToGroup } from '../../text/collections.js'

/**
 * The effect of waypoints in the path on a policy at ztunnel, which sees the waypoint instead of the client
 * (docs/semantics.md §7).
 */
export function waypointEffects(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  workloads: readonly Workload[],
  notes: Notes,
): string[] {
  const behind = new Map<Gateway, Workload[]>()
  for (const workload of workloads) {
    for (const { gateway } of pathsTo(mesh, workload, notes)) {
      if (gateway) addToGroup(behind, gateway, workload)
    }
  }
  const sentences = [...behind].map(([gateway, reached]) => {
    const identity = principalOfGateway(mesh, gateway, notes)
    const seen = `through waypoint ${shownName(gateway)} ztunnel sees ${identity}, not the client`
    const verdict = verdictOn(mesh, policy, { gateway, reached })
    return verdict === undefined ? seen : `${seen}: ${verdict}`
  })
  return sentences.length > 0
    ? [
        ...sentences,
        'for traffic that bypasses the waypoint (pod addresses, sidecars, ingress gateways) ztunnel sees the client',
      ]
    : []
}

function verdictOn(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { gateway, reached }: { gateway: Gateway; reached: readonly Workload[] },
): string | undefined {
  const rules = mesh.get(conversionOf, policy).authorization?.rules ?? []
  if (isUnnamed(gateway.namespace) || rules.some(hasAddresses)) return undefined
  const identity = {
    trustDomain: mesh.settings.trustDomain,
    namespace: gateway.namespace,
    serviceAccount: mesh.get(gatewayServiceAccount, gateway),
  }
  const ports = [...new Set(reached.flatMap((workload) => portsOf(mesh, workload)))]
  const matched = ports.filter((destinationPort) =>
    rules.some((rule) =>
      matchesRule(rule, {
        identity,
        destinationPort,
        sourceIp: undefined,
        destinationIp: undefined,
      }),
    ),
  )
  if (ports.length === 0 || (matched.length > 0 && matched.length < ports.length)) return undefined
  if (policy.action === 'ALLOW')
    return matched.length > 0 ? 'this policy allows it' : 'this policy does not allow it'
  return matched.length > 0 ? 'this policy denies it' : 'this policy does not deny it'
}

function hasAddresses(rule: AuthorizationRule): boolean {
  return rule
    .flat()
    .some(
      (match) =>
        match.sourceIps ?? match.notSourceIps ?? match.destinationIps ?? match.notDestinationIps,
    )
}
