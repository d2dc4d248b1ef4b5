import type { Atom } from './atom.js'

/**
 * Comparisons of a request with a value of a policy that are made for one dimension of a destination, and for all its
 * requests. A second has about ten million.
 */
export const MOST_COMPARISONS = 100_000_000

/** The same where a person waits for the answer in an editor. */
export const MOST_COMPARISONS_IN_EDITOR = 10_000_000

const CHARACTERS_OF_COMPARISON = 256

/** The comparisons that one request needs. A long value counts as several. */
export function comparisonsOf(atoms: readonly Pick<Atom, 'id'>[]): number {
  return atoms.reduce(
    (sum, { id }) => sum + 1 + Math.floor(id.length / CHARACTERS_OF_COMPARISON),
    0,
  )
}

/** A dimension has more values than can be compared. */
export class TooManyValues extends Error {
  override readonly name = 'TooManyValues'
}

/**
 * Call it before values are combined.
 *
 * @throws TooManyValues where there are more than `most`.
 */
export function checkCount(count: number, most: number): void {
  if (count > most) throw new TooManyValues(`${count} values are more than ${most}.`)
}

/** How many pairs of different items a list has. */
export function pairsOf(items: readonly unknown[]): number {
  return (items.length * (items.length - 1)) / 2
}
