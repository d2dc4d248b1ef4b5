import { isDiscovered } from '../mesh/namespaces.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import { conversionOf } from '../ztunnel/enforcement.js'
import { waypointAccepted } from '../status/waypointAccepted.js'
import { ztunnelAccepted } from '../status/ztunnelAccepted.js'
import type {
  AuthorizationPolicyExplanation,
  EnforcementTarget,
  StatusExplanation,
} from './explanation.js'
import { Notes, sentence, shownNamespace } from './support/notes.js'
import { effectOf } from './support/policyEffect.js'
import { policyReach } from './support/policyReach.js'
import { policySummary } from './support/policySummary.js'
import { rowsOf } from './support/rows.js'
import { fatesOf } from './support/ruleFate.js'
import { explainStatus } from './support/statusWords.js'

/** Where a policy is enforced, which identity is seen there, and its effect (docs/semantics.md §3, §4, §7). */
export function explainAuthorizationPolicy(
  mesh: Mesh,
  policy: AuthorizationPolicy,
): AuthorizationPolicyExplanation {
  const { targets, reached, notes: found } = mesh.get(policyReach, policy)
  const notes = new Notes()
  notes.add(found)
  const conversion = mesh.get(conversionOf, policy)
  return {
    kind: 'AuthorizationPolicy',
    namespace: shownNamespace(policy.namespace),
    name: policy.name,
    action: policy.action,
    summary: policySummary(reached, { dryRun: isDryRun(policy) }),
    rows: rowsOf(
      policy,
      reached.filter(() => policy.targetRefs.length > 0 || !conversion.notSent),
    ),
    targets,
    effect: effectOf(mesh, policy, { conversion, targets: reached, notes }).map(sentence),
    rules: fatesOf(policy, conversion),
    status: statusOf(mesh, policy, reached),
    ...notes.result(),
  }
}

/** The condition that istiod would write; null if it writes none, or if it is not known from the files. */
function statusOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  targets: readonly EnforcementTarget[],
): StatusExplanation | null {
  if (!mesh.get(isDiscovered, policy.namespace)) return null
  if (policy.targetRefs.length > 0 && targets.some(({ enforcedBy }) => enforcedBy === 'unknown'))
    return null
  return explainStatus(
    mesh,
    mesh.get(waypointAccepted, policy) ?? mesh.get(ztunnelAccepted, policy),
    policy.namespace,
  )
}
