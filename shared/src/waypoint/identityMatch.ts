import { matchesWildcards } from '../text/pattern/wildcards.js'
import { formatSpiffeId, type Identity } from '../vocabulary/principal.js'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { EnvoyConnection } from './connection.js'
import { matchesPattern } from './stringMatch.js'
import { expandPrincipal, expandTrustDomain, type TrustBundle } from './trustDomains.js'

// Envoy compares the whole SPIFFE ID of a client (generator.go:93-242). A client without a certificate
// matches no value.

const SPIFFE = 'spiffe://'

/** What a policy adds to the values of its rules. */
export interface AttributeContext {
  /** The namespace of service accounts that are written without one. */
  readonly policyNamespace: string
  readonly trust: TrustBundle
}

/** Prepares a value of a policy for connections. */
export type MatcherOf<T> = (
  value: string,
  context: AttributeContext,
) => (connection: EnvoyConnection) => T

export const principalMatcher: MatcherOf<boolean> = (value, { trust }) => {
  const principals = expandPrincipal(value, trust).map((principal) =>
    principal.startsWith('*') ? principal : `${SPIFFE}${principal}`,
  )
  return onIdentity((spiffe) =>
    principals.some((principal) =>
      principal.startsWith('*')
        ? spiffe.endsWith(principal.slice(1))
        : matchesPattern(principal, spiffe),
    ),
  )
}

export const namespaceMatcher: MatcherOf<boolean> = (value) => {
  const part = `/ns/${value}/`
  return onIdentity(
    value.includes('*')
      ? (spiffe) => matchesWildcards(`*${part}*`, spiffe)
      : (spiffe) => spiffe.includes(part),
  )
}

/** `spiffe://.+/ns/<ns>/(.+/|)sa/<sa>(/.+)?` (generator.go:205-218). */
export const serviceAccountMatcher: MatcherOf<boolean> = (value, { policyNamespace }) => {
  const { namespace, serviceAccount } = parseServiceAccount(value, policyNamespace)
  const ns = `/ns/${namespace}/`
  return onIdentity((spiffe) => {
    const found = spiffe.indexOf(ns, SPIFFE.length + 1)
    return found >= 0 && hasServiceAccount(spiffe.slice(found + ns.length), serviceAccount)
  })
}

/** Whether a text is `(.+/|)sa/<name>(/.+)?`. */
function hasServiceAccount(text: string, name: string): boolean {
  const account = `sa/${name}`
  for (let at = text.indexOf(account); at >= 0; at = text.indexOf(account, at + 1)) {
    const isStart = at === 0 || (at > 1 && text[at - 1] === '/')
    const end = at + account.length
    if (isStart && (end === text.length || (text[end] === '/' && end + 1 < text.length)))
      return true
  }
  return false
}

export const trustDomainMatcher: MatcherOf<boolean> = (value, { trust }) => {
  const domains = expandTrustDomain(value, trust)
  return onIdentity((spiffe) => {
    const own = spiffe.slice(SPIFFE.length).split('/', 1)[0] ?? ''
    return domains.some((domain) => matchesWildcards(domain, own))
  })
}

function onIdentity(test: (spiffe: string) => boolean) {
  return ({ identity }: EnvoyConnection): boolean =>
    identity !== undefined && test(spiffeIdOf(identity))
}

/** An identity is compared with the values of many policies. */
const SPIFFE_IDS = new WeakMap<Identity, string>()

function spiffeIdOf(identity: Identity): string {
  const known = SPIFFE_IDS.get(identity)
  if (known !== undefined) return known
  const written = formatSpiffeId(identity)
  SPIFFE_IDS.set(identity, written)
  return written
}
