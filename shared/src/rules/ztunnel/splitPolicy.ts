import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import type { Edit, Fix } from '../fix.js'
import { accountsOf } from '../fixes/allowOnlyFromWaypoint.js'
import { sourceOfAccounts } from '../fixes/sourceOfAccounts.js'
import { matchesAddresses } from '../../ztunnel/attributes.js'
import { matchesClients } from '../fixes/createWaypoint.js'
import { hasOtherWay } from '../fixes/otherWays.js'
import { waypointCopy } from '../fixes/waypointCopy.js'
import type { WaypointIdentity } from '../fixes/waypointIdentity.js'
import { waypointTargets } from '../fixes/waypointTargets.js'
import { removeHttpAttributes } from './removeHttpAttributes.js'

/**
 * Splits a policy that ztunnel can enforce in part.
 *
 * The policy keeps for ztunnel what ztunnel enforces today: its L4 rules, and of a DENY rule with L7
 * attributes its L4 attributes. An ALLOW policy also allows the waypoint, because ztunnel sees the
 * waypoint's identity for all traffic through it (docs/semantics.md §7). The second policy,
 * `<name>-waypoint`, has **all** rules: only the waypoint knows the client of this traffic. Undefined where
 * nothing is left for ztunnel, where it would deny the waypoint, or where the waypoint is not known.
 */
export function splitPolicy(mesh: Mesh, policy: AuthorizationPolicy): Fix | undefined {
  if (policy.action !== 'ALLOW' && policy.action !== 'DENY') return undefined
  const { rules: converted } = mesh.get(conversionOf, policy)
  const withL7 = converted.filter(({ unsupported }) => unsupported.length > 0)
  const widened = policy.action === 'DENY' ? withL7.filter(({ effective }) => effective) : []
  const removed = withL7.filter((rule) => !widened.includes(rule)).map(({ index }) => index)
  if (
    withL7.length === 0 ||
    removed.length === policy.rules.length ||
    policy.rules.some(matchesAddresses)
  )
    return undefined
  const targets = waypointTargets(mesh, policy)
  if (!targets || targets.waypoints.length === 0) return undefined
  // Behind a new waypoint, the rules that stay at ztunnel would no longer deny these identities.
  if (targets.creationEdits.length > 0 && policy.action === 'DENY' && matchesClients(policy))
    return undefined
  if (widened.some(({ rule }) => rule && matchesWaypoint(mesh, rule, targets.waypoints)))
    return undefined
  const second = waypointCopy(mesh, policy, targets)
  if (!second) return undefined
  const kept = widened.map((rule) => removeHttpAttributes(policy, rule)?.edits)
  if (kept.includes(undefined)) return undefined
  const allowWaypoint: Edit[] =
    policy.action === 'ALLOW'
      ? [
          {
            op: 'append',
            resource: policy,
            path: ['spec', 'rules'],
            values: [{ from: [{ source: sourceOfAccounts(mesh, accountsOf(targets.waypoints)) }] }],
          },
        ]
      : []
  return {
    title: 'Split into a ztunnel policy and a waypoint policy',
    preferred: policy.action === 'DENY' || !hasOtherWay(mesh, policy, targets),
    safe: false,
    edits: [
      ...removed
        .reverse()
        .map((index): Edit => ({ op: 'remove', resource: policy, path: ['spec', 'rules', index] })),
      ...kept.flatMap((edits) => edits ?? []),
      ...allowWaypoint,
      { op: 'add', after: policy, objects: [second] },
      ...targets.creationEdits,
    ],
  }
}

/** Whether a rule matches connections from one of the waypoints, on any port. */
function matchesWaypoint(
  mesh: Mesh,
  rule: AuthorizationRule,
  waypoints: readonly WaypointIdentity[],
): boolean {
  const ports = rule.flatMap((clause) =>
    clause.flatMap(({ destinationPorts }) => destinationPorts ?? []),
  )
  return waypoints.some(({ account }) => {
    const [namespace = '', serviceAccount = ''] = account.split('/')
    const identity = { trustDomain: mesh.settings.trustDomain, namespace, serviceAccount }
    return [...ports, ANY_PORT].some((destinationPort) =>
      matchesRule(rule, {
        identity,
        destinationPort,
        sourceIp: undefined,
        destinationIp: undefined,
      }),
    )
  })
}

const ANY_PORT = 1
