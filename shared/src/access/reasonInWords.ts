import { REJECTED_PROVIDER } from '../waypoint/decide.js'
import { CONVERTED_PREFIX, STATIC_STRICT_NAME } from '../ztunnel/peerAuthentication.js'
import type { Hop } from './request.js'

const PLAINTEXT_REJECTED = 'plaintext is rejected'

/** As in the response code details of Envoy's JWT filter. */
export const TOKEN_IS_MISSING = 'jwt_authn_access_denied{Jwt_is_missing}'

/** For a request without a hop. */
export const NO_PROXY = 'no proxy enforces policies'

/** Reasons of ztunnel and Envoy that need no policy name. */
const WORDS: Readonly<Record<string, string>> = {
  'no allow policies, allow': 'no ALLOW policy applies',
  'allow policies exist, but none allowed': 'no ALLOW rule matched',
  'rbac_access_denied_matched_policy[none]': 'no ALLOW rule matched',
  filter_chain_not_found: `STRICT mTLS: ${PLAINTEXT_REJECTED}`,
  'timed out waiting for workload': 'ztunnel does not know the workload',
}

/** Why a proxy allowed or denied a request, in plain words: `no ALLOW rule matched`, `denied by shop/no-delete`. */
export function reasonInWords({
  reason,
  policy,
  verdict,
}: Pick<Hop, 'reason' | 'policy' | 'verdict'>): string {
  if (policy === null || verdict === 'undecided') return WORDS[reason] ?? reason
  if (reason === TOKEN_IS_MISSING) return `the token that ${policy} requires is missing`
  if (verdict === 'allow') return `allowed by ${policy}`
  if (reason.startsWith(REJECTED_PROVIDER)) return `denied by ${policy}: ${reason}`
  const [namespace = '', name = ''] = policy.split('/')
  if (name === STATIC_STRICT_NAME) return `STRICT mTLS: ${PLAINTEXT_REJECTED}`
  return name.startsWith(CONVERTED_PREFIX)
    ? `STRICT mTLS of PeerAuthentication ${namespace}/${name.slice(CONVERTED_PREFIX.length)}: ${PLAINTEXT_REJECTED}`
    : `denied by ${policy}`
}
