import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import type { JwtRule } from '../waypoint/requiredTokens.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { Atom } from './atom.js'

/**
 * The atoms of the token dimension: which RequestAuthentication verifies the token, and what policies read of a
 * verified token. A token that none verifies is the same as none, except where a rule without an issuer requires one.
 *
 * @param required the rules whose token every request must have.
 */
export function tokenAtoms(
  authentications: readonly RequestAuthentication[],
  read: readonly Atom[],
  required: readonly JwtRule[],
): Atom[] {
  const issuers = [...new Set(authentications.flatMap((each) => each.issuers))].sort()
  if (issuers.length === 0 || (read.length === 0 && required.length === 0)) return []
  const verified = ` verified by ${issuers.join(' ')}`
  return [
    ...(required.some(({ issuer }) => issuer === '' || isPlaceholder(issuer)) ? [ANY_TOKEN] : []),
    ...issuers.map((issuer): Atom => ({
      id: `issuer ${issuer}`,
      dimension: 'token',
      constant: { type: 'issuer', value: issuer },
      test: ({ http }) => http?.claims?.['iss'] === issuer,
    })),
    ...read.map((atom): Atom => ({
      ...atom,
      id: atom.id + verified,
      test: (connection) => {
        const issuer = connection.http?.claims?.['iss']
        return typeof issuer === 'string' && issuers.includes(issuer) && atom.test(connection)
      },
    })),
  ]
}

const ANY_TOKEN: Atom = {
  id: 'any token',
  dimension: 'token',
  constant: { type: 'issuer', value: 'https://other.invalid' },
  test: ({ http }) => http?.claims?.['iss'] !== undefined,
}
