import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import {
  isNamedInFull,
  namedPeers,
  unnamedIdentityIn,
  type NamedPeer,
} from '../../ztunnel/namedPeers.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import type { Identity } from '../../vocabulary/principal.js'
import { isLayered } from '../../waypoint/attachedPolicies.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { denyAtWaypointToo } from '../fixes/waypointCopy.js'
import { defineRule } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { firstThatFits } from '../support/words.js'
import { mayDeny } from './waypointRestrictions.js'
import { isGatewayAccount } from '../support/gatewayAccounts.js'
import { groupByWaypoint, type Hit } from '../support/hits.js'
import { identityField } from '../support/identityFields.js'
import { capitalised, shownName } from '../support/resourceNames.js'
import {
  noTemplatedPolicy,
  waypointVerdicts,
  type WaypointVerdict,
  workloadsWithVerdict,
} from '../support/waypointVerdicts.js'

export const waypointIdentityEscapesDeny = defineRule({
  name: 'waypoint-identity-escapes-deny',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'GRPCRoute',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'HTTPRoute',
    'Identity',
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
    if (policy.action !== 'DENY' || policy.targetRefs.length > 0 || selectsProxies(mesh, policy))
      return
    const { authorization } = mesh.get(conversionOf, policy)
    if (!authorization || authorization.dryRun) return
    const workloads = workloadsWithVerdict(mesh, policy, 'allow')
    const rules = workloads.length > 0 ? denyingRules(mesh, policy) : []
    const bypasses =
      rules.length > 0
        ? workloads.flatMap((workload) =>
            bypassesOf(mesh, rules, workload).filter(
              ({ path }) => !isLayered(mesh, policy, path.gateway),
            ),
          )
        : []
    for (const group of groupByWaypoint(bypasses)) {
      const { label } = bypasses.find(
        ({ path, rule }) => path.gateway === group.gateway && rule === group.rules[0],
      ) ?? { label: 'a client' }
      const client = capitalised(label)
      const bypass = `can bypass this DENY through waypoint "${shownName(group.gateway)}"`
      const reason = "ztunnel sees the waypoint's identity."
      report({
        message: firstThatFits(
          `${client} ${bypass} to ${nameWorkloads(group.workloads)}: ${reason}`,
          `${client} ${bypass}: ${reason}`,
          `A client ${bypass}: ${reason}`,
        ),
        path: identityField(policy, group.rules[0]),
        on: 'key',
        certainties: group.certainties,
        related: group.evidence,
        fixes: () =>
          rankFixes(
            denyAtWaypointToo(mesh, policy),
            bindToWaypoint(mesh, policy, { companion: true }),
            bindToWaypoint(mesh, policy),
          ),
      })
    }
  },
})

interface Bypass extends Hit {
  /** The client that bypasses the DENY, for messages. */
  readonly label: string
}

/** A rule that names clients. */
interface DenyingRule {
  readonly index: number
  readonly rule: AuthorizationRule
  readonly named: readonly NamedPeer[]
  /** Whether it also excludes clients. */
  readonly excludes: boolean
}

function denyingRules(mesh: Mesh, policy: AuthorizationPolicy): DenyingRule[] {
  const { trustDomain } = mesh.settings
  return mesh.get(conversionOf, policy).rules.flatMap(({ rule, index }): DenyingRule[] => {
    if (!rule) return []
    const named = namedPeers(rule, trustDomain)
    const excludes = namedPeers(rule, trustDomain, 'negated').length > 0
    return named.length > 0 || excludes ? [{ index, rule, named, excludes }] : []
  })
}

function bypassesOf(mesh: Mesh, rules: readonly DenyingRule[], workload: Workload): Bypass[] {
  return mesh
    .get(waypointVerdicts, workload)
    .filter(({ verdict }) => verdict === 'allow')
    .flatMap(({ path, port }): Bypass[] =>
      rules.flatMap((denying): Bypass[] => {
        const [client] = deniedPeers(mesh, denying, { path, port }).flatMap(
          ({ identity, label }) => {
            const certainty = usesWaypoints(mesh, identity)
            return certainty && !mayDeny(mesh, path, identity) ? [{ label, certainty }] : []
          },
        )
        return client
          ? [
              {
                workload,
                path,
                port,
                rule: denying.index,
                label: client.label,
                certainties: [noTemplatedPolicy(mesh), client.certainty],
              },
            ]
          : []
      }),
    )
}

/**
 * The clients that a rule denies: clients that it names, and if it excludes some clients, every
 * other client.
 */
function deniedPeers(
  mesh: Mesh,
  { rule, named, excludes }: DenyingRule,
  { path, port }: Pick<WaypointVerdict, 'path' | 'port'>,
): NamedPeer[] {
  const { trustDomain } = mesh.settings
  const denies = (identity: Identity): boolean =>
    matchesRule(rule, {
      identity,
      destinationPort: port,
      sourceIp: undefined,
      destinationIp: undefined,
    })
  // A DENY that excludes only the waypoint is intended to deny every other client.
  const excludesOnlyWaypoint = denies(unnamedIdentityIn(trustDomain, path.gateway.namespace))
  const deniesOthers = excludes && !excludesOnlyWaypoint && denies(unnamedIdentityIn(trustDomain))
  return [
    ...named.filter(({ identity }) => denies(identity)),
    ...(deniesOthers
      ? [
          {
            identity: unnamedIdentityIn(trustDomain),
            exact: false,
            label: 'a client that this rule does not exclude',
          },
        ]
      : []),
  ]
}

/**
 * How the files show that a client's traffic goes through waypoints: traffic of ambient pods does,
 * traffic of sidecars and gateways does not (docs/semantics.md §2.5). Undefined if it does not or if
 * the files do not show it.
 */
function usesWaypoints(mesh: Mesh, identity: Identity): KnownCertainty | undefined {
  const pods = mesh.workloadsAt(keys.identity(identity.namespace, identity.serviceAccount))
  for (const pod of pods) {
    const enrolment = mesh.get(enrolmentOf, pod)
    if (enrolment.mode === 'ambient') return enrolment.certainty
  }
  if (pods.length > 0 || isGatewayAccount(mesh, identity)) return undefined
  if (!isNamedInFull(identity.namespace)) return CERTAIN
  const enrolment = mesh.get(namespaceEnrolment, identity.namespace)
  return enrolment.mode === 'ambient' ? enrolment.certainty : undefined
}
