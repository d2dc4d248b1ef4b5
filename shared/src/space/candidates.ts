import { addressCandidates } from './addresses.js'
import type { Atom, DimensionName } from './atom.js'
import type { Candidate } from './candidate.js'
import { headerCandidates, hostCandidates, methodCandidates } from './headers.js'
import { pathCandidates } from './paths.js'
import { tokenCandidates } from './tokens.js'

/** The values of a dimension, other than the client. Undefined if they are too many. */
export function candidatesOf(
  name: DimensionName,
  atoms: readonly Atom[],
): readonly Candidate[] | undefined {
  switch (name) {
    case 'address':
      return addressCandidates(atoms)
    case 'method':
      return methodCandidates(atoms)
    case 'path':
      return pathCandidates(atoms)
    case 'host':
      return hostCandidates(atoms)
    case 'token':
      return tokenCandidates(atoms)
    case 'client':
      return []
    default:
      return headerCandidates(name.slice('header '.length), atoms)
  }
}
