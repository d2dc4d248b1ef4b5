import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'

/** Whether a rule has no condition. */
export function matchesEverything({ from, to, when }: Rule): boolean {
  return !from?.length && !to?.length && !when?.length
}

/**
 * Whether a policy can deny a request where it is enforced. An ALLOW without conditions cannot, nor can
 * a DENY without rules or an AUDIT.
 */
export function canDeny({ action, rules }: AuthorizationPolicy): boolean {
  switch (action) {
    case 'ALLOW':
      return !rules.some(matchesEverything)
    case 'DENY':
    case 'CUSTOM':
      return rules.length > 0
    default:
      return false
  }
}
