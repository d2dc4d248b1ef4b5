import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import type { Edit, Fix, PlainObject } from '../fix.js'
import { accountsOf } from './allowOnlyFromWaypoint.js'
import { speaksOfAddresses } from './bindToWaypoint.js'
import { hasSource } from './createWaypoint.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from './newObject.js'
import { plainRule } from './plainRule.js'
import { portMapOf, withServicePorts } from './portMap.js'
import { waypointTargets } from './waypointTargets.js'

/**
 * Splits a policy whose rules are partly for ztunnel and partly for a waypoint.
 *
 * The policy keeps its layer-4 rules. An ALLOW also admits the waypoint, since ztunnel sees it in the place of every client whose traffic passes it (docs/semantics.md §7). The
 * second policy, `<name>-waypoint`, has **all** rules: traffic through the waypoint is judged there as its client, so what a layer-4 rule admits or denies
 * has to be said there too. Undefined where every rule is for the waypoint (then the policy is bound to it), where none is, or where there is no waypoint to speak of.
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
    policy.rules.some(speaksOfAddresses)
  )
    return undefined
  const targets = waypointTargets(mesh, policy)
  if (!targets || targets.waypoints.length === 0) return undefined
  // A new waypoint would make an identity that the kept rules deny pass ztunnel.
  if (targets.creation.length > 0 && policy.action === 'DENY' && hasSource(policy)) return undefined
  const map = portMapOf(mesh, targets.services)
  const rules = policy.rules.flatMap((rule): PlainObject[] => {
    const translated = withServicePorts(rule, map)
    const plain = translated && plainRule(translated)
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
  const admitWaypoint: Edit[] =
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
    title: 'Split into an L4 and a waypoint policy',
    preferred: false,
    safe: false,
    edits: [
      ...moved
        .reverse()
        .map((index): Edit => ({ op: 'remove', resource: policy, path: ['spec', 'rules', index] })),
      ...admitWaypoint,
      { op: 'add', after: policy, objects: [second] },
      ...targets.creation,
    ],
  }
}
