import { assumedRevision, isRead, isRejectedIn } from '../mesh/discovery.js'
import { explainRejectedPolicy } from './rejectedObject.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import { conversionOf } from '../ztunnel/enforcement.js'
import { waypointAccepted } from '../status/waypointAccepted.js'
import { ztunnelAccepted } from '../status/ztunnelAccepted.js'
import type { AuthorizationPolicyExplanation, StatusExplanation } from './explanation.js'
import { Notes, sentence, shownNamespace } from './support/notes.js'
import { effectOf } from './policy/policyEffect.js'
import type { PolicyTarget } from './policy/target.js'
import { policyReach } from './policy/policyReach.js'
import { policySummary } from './policy/policySummary.js'
import { rowsOf } from './policy/enforcementTable.js'
import { rulesAtZtunnel } from './policy/rulesAtZtunnel.js'
import { explainStatus } from './support/statusWords.js'

/** Where a policy is enforced, which identity is seen there, and its effect (docs/semantics.md §3, §4, §7). */
export function explainAuthorizationPolicy(
  mesh: Mesh,
  policy: AuthorizationPolicy,
): AuthorizationPolicyExplanation {
  if (isRejectedIn(mesh, policy)) return explainRejectedPolicy(policy)
  const { seen, all, notes: found } = mesh.get(policyReach, policy)
  const notes = new Notes()
  notes.add(found)
  notes.take(assumedRevision(mesh, policy))
  const conversion = mesh.get(conversionOf, policy)
  return {
    kind: 'AuthorizationPolicy',
    namespace: shownNamespace(policy.namespace),
    name: policy.name,
    action: policy.action,
    summary: policySummary(all, { dryRun: isDryRun(policy) }),
    rows: rowsOf(policy, policy.targetRefs.length > 0 || !conversion.notSent ? all : []),
    targets: seen,
    effect: effectOf(mesh, policy, { conversion, targets: all, notes }).map(sentence),
    rules: rulesAtZtunnel(policy, conversion),
    status: statusOf(mesh, policy, all),
    ...notes.result(),
  }
}

/** The condition that istiod would write; null if it writes none, or if it is not known from the files. */
function statusOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  targets: readonly PolicyTarget[],
): StatusExplanation | null {
  if (!isRead(mesh, policy)) return null
  // An enforcer that may get no traffic is still bound.
  const isTargetUnknown = targets.some(
    ({ enforcedBy, enforcer }) => enforcedBy === 'unknown' && enforcer === null,
  )
  if (policy.targetRefs.length > 0 && isTargetUnknown) return null
  return explainStatus(
    mesh,
    mesh.get(waypointAccepted, policy) ?? mesh.get(ztunnelAccepted, policy),
    policy.namespace,
  )
}
