import type { Workload } from '../../inventory/workloads.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import { shownName, type Notes } from './notes.js'
import { waysTo } from './paths.js'
import { portsOf } from './ports.js'
import { principalOfGateway } from './waypointWords.js'
import { addToGroup } from '../../text/collections.js'

/** What a waypoint in the path changes for a policy at ztunnel: the client that is seen is the waypoint (docs/semantics.md §7). */
export function waypointEffects(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  workloads: readonly Workload[],
  notes: Notes,
): string[] {
  const behind = new Map<Gateway, Workload[]>()
  for (const workload of workloads) {
    for (const { gateway } of waysTo(mesh, workload, notes)) {
      if (gateway) addToGroup(behind, gateway, workload)
    }
  }
  const sentences = [...behind].map(([gateway, reached]) => {
    const seen = `through waypoint ${shownName(gateway)} ztunnel sees ${principalOfGateway(mesh, gateway, notes)}, not the client`
    const verdict = verdictOn(mesh, policy, { gateway, reached })
    return verdict === undefined ? seen : `${seen}: ${verdict}`
  })
  return sentences.length > 0
    ? [
        ...sentences,
        'traffic past the waypoint (pod addresses, sidecars, ingress gateways) still shows the client',
      ]
    : []
}

function verdictOn(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { gateway, reached }: { gateway: Gateway; reached: readonly Workload[] },
): string | undefined {
  const rules = mesh.get(conversionOf, policy).authorization?.rules ?? []
  if (isUnnamed(gateway.namespace) || rules.some(asksForAddress)) return undefined
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
    return matched.length > 0 ? 'this policy admits it' : 'this policy does not admit it'
  return matched.length > 0 ? 'this policy denies it' : 'this policy does not stop it'
}

function asksForAddress(rule: AuthorizationRule): boolean {
  return rule
    .flat()
    .some(
      (match) =>
        match.sourceIps ?? match.notSourceIps ?? match.destinationIps ?? match.notDestinationIps,
    )
}
