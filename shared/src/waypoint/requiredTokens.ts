import type { Mesh } from '../mesh/mesh.js'
import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import { supports } from '../vocabulary/releases.js'
import { isPlaceholder } from '../yaml/placeholder.js'

/** A `jwtRules` entry of a RequestAuthentication. */
export interface JwtRule {
  readonly policy: RequestAuthentication
  readonly index: number
  /** Empty where the rule accepts every issuer. */
  readonly issuer: string
}

/**
 * The rules whose token a proxy requires of every HTTP request, each by itself: it answers with 401
 * where the token is missing, also if other rules or AuthorizationPolicies allow the request
 * (docs/semantics.md §3.10).
 */
export function requiredTokens(
  { settings }: Pick<Mesh, 'settings'>,
  policies: readonly RequestAuthentication[],
): JwtRule[] {
  if (!supports(settings, 'requiredTokens')) return []
  return policies.flatMap((policy) =>
    policy.requiredRules.map((index) => ({ policy, index, issuer: policy.issuers[index] ?? '' })),
  )
}

/** Whether a request without a token, or with a verified token of an issuer, lacks the token of a rule. */
export function lacksToken({ issuer }: JwtRule, tokenIssuer: unknown): boolean | 'unknown' {
  if (tokenIssuer === undefined) return true
  if (issuer === '' || isPlaceholder(issuer)) return 'unknown'
  return tokenIssuer !== issuer
}
