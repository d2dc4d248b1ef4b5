import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'

/** Whether a policy denies any request at its waypoint. */
export function restrictsAccess(policy: AuthorizationPolicy): boolean {
  if (policy.action === 'AUDIT' || isDryRun(policy)) return false
  return (
    policy.action !== 'ALLOW' || !policy.rules.some(({ from, to, when }) => !from && !to && !when)
  )
}
