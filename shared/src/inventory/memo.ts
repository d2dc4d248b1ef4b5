import type { Query } from './query.js'

/**
 * - `stale`: not computed yet, or a dependency has changed and the value may differ;
 * - `computing`: its query runs now;
 * - `fresh`: the value is right;
 * - `dropped`: no longer remembered. Lists of dependents may still name it.
 */
export type MemoState = 'stale' | 'computing' | 'fresh' | 'dropped'

/** A memoised result: the value of one query for one argument. */
export class Memo<C> {
  readonly query: Query<C, never, unknown>
  readonly argument: never
  value: unknown = undefined
  state: MemoState = 'stale'
  /** The results that were computed from this one. */
  dependents: Dependents<C> = undefined
  /** The next result for the same argument, in the order in which they were first computed. */
  next: Memo<C> | undefined = undefined

  constructor(query: Query<C, never, unknown>, argument: never) {
    this.query = query
    this.argument = argument
  }
}

/**
 * No result, one, or several. Most lists have one item, and an array for it needs more memory than
 * the item.
 */
export type Dependents<C> = Memo<C> | Memo<C>[] | undefined

/** Up to this length a list is copied to its exact size; beyond it, it grows in place. */
const EXACT_LENGTH = 8
/** From this length on, dropped results are removed when the length is a power of two. */
const CLEANED_LENGTH = 32

/** The list with one more dependent. The given list may be changed. */
export function addDependent<C>(list: Dependents<C>, memo: Memo<C>): Dependents<C> {
  if (!list) return memo
  if (!Array.isArray(list)) return list === memo ? list : [list, memo]
  const { length } = list
  if (list[length - 1] === memo) return list
  if (length < EXACT_LENGTH) return list.concat(memo)
  const isPowerOfTwo = (length & (length - 1)) === 0
  const cleaned =
    length >= CLEANED_LENGTH && isPowerOfTwo
      ? list.filter(({ state }) => state !== 'dropped')
      : list
  cleaned.push(memo)
  return cleaned
}

export function dependentsIn<C>(list: Dependents<C>): readonly Memo<C>[] {
  if (!list) return []
  return Array.isArray(list) ? list : [list]
}
