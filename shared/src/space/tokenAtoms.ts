import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import type { Atom } from './atom.js'

/**
 * The atoms of the token dimension: which RequestAuthentication verifies the token, and what policies read of a
 * verified token. A token that none verifies is the same as none.
 */
export function tokenAtoms(
  authentications: readonly RequestAuthentication[],
  read: readonly Atom[],
): Atom[] {
  const issuers = [...new Set(authentications.flatMap((each) => each.issuers))].sort()
  if (issuers.length === 0 || read.length === 0) return []
  const verified = ` verified by ${issuers.join(' ')}`
  return [
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
