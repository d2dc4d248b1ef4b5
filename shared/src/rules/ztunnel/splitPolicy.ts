import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import type { Edit, Fix, PlainObject } from '../fix.js'
import { accountsOf } from '../fixes/allowOnlyFromWaypoint.js'
import { matchesAddresses } from '../../ztunnel/attributes.js'
import { matchesClients } from '../fixes/createWaypoint.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { toPlainRule } from '../fixes/plainRule.js'
import { servicePortsOf, withServicePorts } from '../fixes/portMap.js'
import { waypointTargets } from '../fixes/waypointTargets.js'

/**
 * Splits a policy that has both L4 rules and L7 rules.
 *
 * The policy keeps its L4 rules for ztunnel. An ALLOW policy also allows the waypoint, because ztunnel sees
 * the waypoint's identity for all traffic through it (docs/semantics.md §7). The second policy,
 * `<name>-waypoint`, has **all** rules: only the waypoint knows the client of this traffic. Undefined where
 * all rules are L7 rules, where none is, or where the waypoint is not known.
 */
export function splitPolicy(mesh: Mesh, policy: AuthorizationPolicy): Fix | undefined {
  if (policy.action !== 'ALLOW' && policy.action !== 'DENY') return undefined
  const moved = mesh
    .get(conversionOf, policy)
    .rules.filter(({ unsupported }) => unsupported.length > 0)
    .map(({ index }) => index)
  if (
    moved.length === 0 ||
    moved.length === policy.rules.length ||
    policy.rules.some(matchesAddresses)
  )
    return undefined
  const targets = waypointTargets(mesh, policy)
  if (!targets || targets.waypoints.length === 0) return undefined
  // Behind a new waypoint, the rules that stay at ztunnel would no longer deny these identities.
  if (targets.creationEdits.length > 0 && policy.action === 'DENY' && matchesClients(policy))
    return undefined
  const map = servicePortsOf(mesh, targets.services)
  const rules = policy.rules.flatMap((rule): PlainObject[] => {
    const translated = withServicePorts(rule, map)
    const plain = translated && toPlainRule(translated)
    return plain ? [plain] : []
  })
  if (rules.length !== policy.rules.length) return undefined
  const metadata = metadataBeside(
    policy,
    freePolicyName(mesh, policy.namespace, `${policy.name}-waypoint`),
  )
  const second = authorizationPolicy(metadata, {
    targetRefs: targets.refs,
    action: policy.action,
    rules,
  })
  const allowWaypoint: Edit[] =
    policy.action === 'ALLOW'
      ? [
          {
            op: 'append',
            resource: policy,
            path: ['spec', 'rules'],
            values: [{ from: [{ source: { serviceAccounts: accountsOf(targets.waypoints) } }] }],
          },
        ]
      : []
  return {
    title: 'Split into a ztunnel policy and a waypoint policy',
    preferred: false,
    safe: false,
    edits: [
      ...moved
        .reverse()
        .map((index): Edit => ({ op: 'remove', resource: policy, path: ['spec', 'rules', index] })),
      ...allowWaypoint,
      { op: 'add', after: policy, objects: [second] },
      ...targets.creationEdits,
    ],
  }
}
