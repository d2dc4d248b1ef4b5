import { matchesWildcards } from '../text/pattern/wildcards.js'
import { formatSpiffeId } from '../vocabulary/principal.js'
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

type IdentityMatcher = (
  value: string,
  connection: EnvoyConnection,
  context: AttributeContext,
) => boolean

export const matchesPrincipal: IdentityMatcher = (value, connection, { trust }) =>
  expandPrincipal(value, trust).some((principal) =>
    onIdentity(connection, (spiffe) =>
      principal.startsWith('*')
        ? spiffe.endsWith(principal.slice(1))
        : matchesPattern(`spiffe://${principal}`, spiffe),
    ),
  )

export const matchesNamespace: IdentityMatcher = (value, connection) =>
  onIdentity(connection, (spiffe) => matchesWildcards(`*/ns/${value}/*`, spiffe))

/** `spiffe://.+/ns/<ns>/(.+/|)sa/<sa>(/.+)?` (generator.go:205-218). */
export const matchesServiceAccount: IdentityMatcher = (value, connection, { policyNamespace }) => {
  const { namespace, serviceAccount } = parseServiceAccount(value, policyNamespace)
  return onIdentity(connection, (spiffe) => {
    const ns = `/ns/${namespace}/`
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

export const matchesTrustDomain: IdentityMatcher = (value, connection, { trust }) =>
  expandTrustDomain(value, trust).some((domain) =>
    onIdentity(connection, (spiffe) =>
      matchesWildcards(domain, spiffe.slice(SPIFFE.length).split('/', 1)[0] ?? ''),
    ),
  )

function onIdentity({ identity }: EnvoyConnection, test: (spiffe: string) => boolean): boolean {
  return identity !== undefined && test(formatSpiffeId(identity))
}
