import { formatSpiffeId } from '../vocabulary/principal.js'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import type { EnvoyConnection } from './connection.js'
import { escapeRegExp, matchesGlob, matchesPattern } from './stringMatch.js'
import { expandPrincipal, expandTrustDomain, type TrustBundle } from './trustDomains.js'

// Envoy compares the whole SPIFFE ID of a client (generator.go:93-242). A client without a certificate
// matches no value.

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
  onIdentity(connection, (spiffe) => matchesGlob(`*/ns/${value}/*`, spiffe, '.*'))

/** `spiffe://.+/ns/<ns>/(.+/|)sa/<sa>(/.+)?` (generator.go:205-218). */
export const matchesServiceAccount: IdentityMatcher = (value, connection, { policyNamespace }) => {
  const { namespace, serviceAccount } = parseServiceAccount(value, policyNamespace)
  const expression = new RegExp(
    `^spiffe://.+/ns/${escapeRegExp(namespace)}/(.+/|)sa/${escapeRegExp(serviceAccount)}(/.+)?$`,
  )
  return onIdentity(connection, (spiffe) => expression.test(spiffe))
}

export const matchesTrustDomain: IdentityMatcher = (value, connection, { trust }) =>
  expandTrustDomain(value, trust).some((domain) =>
    onIdentity(connection, (spiffe) =>
      matchesGlob(`spiffe://${domain}/`, `${spiffe.split('/').slice(0, 3).join('/')}/`, '[^/]*'),
    ),
  )

function onIdentity({ identity }: EnvoyConnection, test: (spiffe: string) => boolean): boolean {
  return identity !== undefined && test(formatSpiffeId(identity))
}
