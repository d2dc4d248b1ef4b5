import type { LoggedDecision, LogLine } from './logLine.js'

type Decided = Pick<LogLine, 'verdict' | 'decision' | 'reason'>

const DETAILS = 'rbac_access_denied_matched_policy['

/** The name that istiod gives to a rule in Envoy: `ns[shop]-policy[readers]-rule[0]`. */
const RULE = /ns\[([^[\]\s]*)\]-policy\[([^[\]\s]*)\]-rule\[(\d{1,6})\]/

/** The policy and rule in a text; undefined if it names none. */
export function ruleInText(text: string): Extract<LoggedDecision, { kind: 'policy' }> | undefined {
  const [, namespace, name, rule] = RULE.exec(text) ?? []
  return namespace === undefined || name === undefined
    ? undefined
    : { kind: 'policy', namespace, name, rule: Number(rule) }
}

/** `rbac_access_denied_matched_policy[…]` in a text. */
export function deniedDetails(text: string): string | undefined {
  const start = text.indexOf(DETAILS)
  if (start < 0) return undefined
  return /^\S*?\](?=[\s",]|$)/.exec(text.slice(start))?.[0]
}

function decisionOfRbac(details: string): LoggedDecision {
  const rule = ruleInText(details)
  if (rule) return rule
  return details === `${DETAILS}none]`
    ? { kind: 'no ALLOW matched' }
    : { kind: 'other', why: 'a rule of Envoy denied that is not from an AuthorizationPolicy.' }
}

const OTHER_DETAILS: readonly (readonly [start: string, why: string])[] = [
  ['ext_authz_denied', 'the external authorizer of a CUSTOM policy denied the request.'],
  ['ext_authz_error', 'the external authorizer of a CUSTOM policy did not answer.'],
  [
    'jwt_authn_access_denied',
    'a RequestAuthentication rejected the token of the request; it is not a decision of a policy.',
  ],
  ['filter_chain_not_found', 'no mutual TLS, and the proxy accepts only mutual TLS.'],
  ['route_not_found', 'no policy decided: no route matches the request.'],
  ['direct_response', 'no policy denied: a route answers the request itself.'],
  ['via_upstream', 'no policy denied: the application answered.'],
]

/** What the response of an access log says: the details, and the status code where the details are missing. */
export function decisionOfResponse(details: string, status: string | undefined): Decided {
  const rbac = deniedDetails(details)
  if (rbac !== undefined) {
    const decision = decisionOfRbac(rbac)
    return { verdict: decision.kind === 'other' ? 'failed' : 'deny', decision, reason: rbac }
  }
  const known = OTHER_DETAILS.find(([start]) => details.includes(start))
  if (known) {
    const [start, why] = known
    const isAllowed = start === 'via_upstream' || start === 'direct_response'
    return {
      verdict: isAllowed ? 'allow' : 'failed',
      decision: { kind: 'other', why },
      reason: details,
    }
  }
  if (status === '403') return { verdict: 'deny', decision: { kind: 'not named' }, reason: '403' }
  return {
    verdict: status !== undefined && /^[123]\d\d$/.test(status) ? 'allow' : 'failed',
    decision: { kind: 'other', why: 'no policy denied the request.' },
    reason: details === '' || details === '-' ? (status ?? '') : details,
  }
}
