import { addressCandidates } from './addresses.js'
import type { Atom, DimensionName } from './atom.js'
import type { Candidate } from './candidate.js'
import { headerCandidates, hostCandidates, methodCandidates } from './headers.js'
import { TooManyValues } from './limits.js'
import { pathCandidates } from './paths.js'
import { tokenCandidates } from './tokens.js'

/** The values of a dimension, other than the client. Undefined if they are more than `most`. */
export function candidatesOf(
  name: DimensionName,
  atoms: readonly Atom[],
  most: number,
): readonly Candidate[] | undefined {
  return atMost(most, () => candidates(name, atoms, most))
}

/** The values that `make` makes; undefined if they are more than `most`. */
export function atMost(
  most: number,
  make: () => readonly Candidate[] | undefined,
): readonly Candidate[] | undefined {
  try {
    const made = make()
    return made && made.length <= most ? made : undefined
  } catch (error) {
    if (error instanceof TooManyValues) return undefined
    throw error
  }
}

function candidates(
  name: DimensionName,
  atoms: readonly Atom[],
  most: number,
): readonly Candidate[] | undefined {
  switch (name) {
    case 'address':
      return addressCandidates(atoms, most)
    case 'method':
      return methodCandidates(atoms, most)
    case 'path':
      return pathCandidates(atoms, most)
    case 'host':
      return hostCandidates(atoms, most)
    case 'token':
      return tokenCandidates(atoms, most)
    case 'client':
      return []
    default:
      return headerCandidates(name.slice('header '.length), atoms, most)
  }
}
