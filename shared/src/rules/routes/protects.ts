import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'

/** Whether a policy keeps anybody out at the waypoint. */
export function protects(policy: AuthorizationPolicy): boolean {
  if (policy.action === 'AUDIT' || isDryRun(policy)) return false
  return (
    policy.action !== 'ALLOW' || !policy.rules.some(({ from, to, when }) => !from && !to && !when)
  )
}
