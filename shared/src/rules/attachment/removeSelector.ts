import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { Fix } from '../fix.js'

/**
 * Removes `spec.selector`. Safe for a policy that can only deny; an ALLOW policy that starts to be enforced
 * allows more.
 */
export function removeSelector(policy: AuthorizationPolicy | RequestAuthentication): Fix {
  const canOnlyDeny =
    policy.type === 'AuthorizationPolicy' &&
    policy.targetRefs.length === 0 &&
    (policy.action === 'DENY' || (policy.action === 'ALLOW' && policy.rules.length === 0))
  return {
    title: 'Remove the selector',
    preferred: true,
    safe: canOnlyDeny,
    edits: [{ op: 'remove', resource: policy, path: ['spec', 'selector'] }],
  }
}
