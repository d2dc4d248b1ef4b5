import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { namedPeers, type NamedPeer } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import { allowWaypointAccount } from './allowWaypointAccount.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { firstThatFits } from '../support/words.js'
import { groupByWaypoint, onPorts, type Hit } from '../support/hits.js'
import { identityField } from '../support/identityFields.js'
import { shownIdentity, shownName } from '../support/resourceNames.js'
import {
  noTemplatedPolicy,
  ztunnelPoliciesOf,
  waypointVerdicts,
  waypointIdentities,
  type WaypointVerdict,
  workloadsWithVerdict,
} from '../support/waypointVerdicts.js'

export const waypointIdentityDenied = defineRule({
  name: 'waypoint-identity-denied',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'GRPCRoute',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'HTTPRoute',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'TCPRoute',
    'TLSRoute',
    'VirtualService',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (policy.targetRefs.length > 0 || selectsProxies(mesh, policy)) return
    if (mesh.settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY')) return
    const { authorization } = mesh.get(conversionOf, policy)
    if (!authorization || authorization.dryRun) return
    const workloads = workloadsWithVerdict(mesh, policy, 'deny')
    const rules = workloads.length > 0 ? clientRules(mesh, policy) : []
    const hits =
      rules.length > 0
        ? workloads.flatMap((workload) => hitsOf(mesh, { action: policy.action, rules }, workload))
        : []
    for (const group of groupByWaypoint(hits)) {
      const seen = shownIdentity(group.gateway, group.serviceAccount)
      const account = formatServiceAccount({
        namespace: group.gateway.namespace,
        serviceAccount: group.serviceAccount,
      })
      const indexes = group.rules
      const traffic = `All traffic${onPorts(group.onlyPorts)} through waypoint "${shownName(group.gateway)}"`
      report({
        message: firstThatFits(
          `${traffic} to ${nameWorkloads(group.workloads)} is denied: ztunnel sees ${seen}, not the client.`,
          `${traffic} is denied: ztunnel sees ${seen}, not the client.`,
          `${traffic} is denied: ztunnel sees its identity, not the client's.`,
        ),
        path: identityField(policy, group.rules[0]),
        on: 'key',
        certainties: group.certainties,
        related: group.evidence,
        fixes: () =>
          rankFixes(
            bindToWaypoint(mesh, policy, { companion: true }),
            policy.action === 'ALLOW'
              ? allowWaypointAccount(mesh, policy, { rules: indexes, account })
              : undefined,
          ),
      })
    }
  },
})

/** A rule that names clients: an ALLOW that allows them, or a DENY that excludes them. */
interface ClientRule {
  readonly index: number
  readonly rule: AuthorizationRule
  readonly peers: readonly NamedPeer[]
}

function clientRules(mesh: Mesh, policy: AuthorizationPolicy): ClientRule[] {
  const { trustDomain } = mesh.settings
  return mesh.get(conversionOf, policy).rules.flatMap(({ rule, index }): ClientRule[] => {
    const peers = rule
      ? namedPeers(rule, trustDomain, policy.action === 'ALLOW' ? 'positive' : 'negated')
      : []
    return rule && peers.length > 0 ? [{ index, rule, peers }] : []
  })
}

interface Candidate {
  readonly action: AuthorizationPolicy['action']
  readonly rules: readonly ClientRule[]
}

function hitsOf(mesh: Mesh, candidate: Candidate, workload: Workload): Hit[] {
  return mesh
    .get(waypointVerdicts, workload)
    .filter(({ verdict }) => verdict === 'deny')
    .flatMap((arrival): Hit[] => {
      const rule = indexOfDenyingRule(mesh, candidate, { workload, arrival })
      return rule === undefined
        ? []
        : [
            {
              workload,
              path: arrival.path,
              port: arrival.port,
              rule,
              certainties: [noTemplatedPolicy(mesh)],
            },
          ]
    })
}

/**
 * Index of the rule that allows clients, or excludes them from a DENY, on a port on which the
 * waypoint is denied.
 */
function indexOfDenyingRule(
  mesh: Mesh,
  { action, rules }: Candidate,
  {
    workload,
    arrival: { path, port },
  }: { readonly workload: Workload; readonly arrival: WaypointVerdict },
): number | undefined {
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  const isAllowed = ({ identity }: NamedPeer): boolean =>
    probe(policies, { identity, port }) === 'allow'
  const connection = { sourceIp: undefined, destinationIp: undefined, destinationPort: port }
  const found = rules.find(({ rule, peers }) => {
    if (action === 'ALLOW')
      return peers.some(
        (peer) => isAllowed(peer) && matchesRule(rule, { ...connection, identity: peer.identity }),
      )
    return (
      waypointIdentities(mesh, path, policies).every((identity) =>
        matchesRule(rule, { ...connection, identity }),
      ) && peers.some(isAllowed)
    )
  })
  return found?.index
}
