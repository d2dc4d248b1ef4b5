import type { Query } from './query.js'

/**
 * - `stale`: not computed yet, or a dependency has changed and the value may differ;
 * - `computing`: its query runs now;
 * - `fresh`: the value is right;
 * - `dropped`: no longer remembered. Lists of dependents may still name it, see `Memo.drop`.
 */
export type MemoState = 'stale' | 'computing' | 'fresh' | 'dropped'

/** A memoised result: the value of one query for one argument. */
export class Memo<C> {
  readonly query: Query<C, never, unknown>
  argument: never
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

  /** Releases everything but the query, because lists of dependents may still name it. */
  drop(): void {
    this.state = 'dropped'
    this.argument = NOTHING
    this.value = undefined
    this.dependents = undefined
    this.next = undefined
  }
}

/** No query runs again for a dropped result, so that its argument is not read. */
const NOTHING = undefined as never

/**
 * No result, one, or several. Most lists have one item, and an array for it needs more memory than
 * the item.
 */
export type Dependents<C> = Memo<C> | Memo<C>[] | undefined

/** Up to this length a list is copied to its exact size; beyond it, it grows in place. */
const EXACT_LENGTH = 8
/** Of a longer list, at least this part must be unnecessary: otherwise it is cleaned at every addition. */
const UNNECESSARY_PART = 1 / 4

/**
 * The list with one more dependent. The given list may be changed. It is cleaned when it is short
 * or its length is a power of two: dropped results are removed from it, and repetitions of results
 * that were recomputed.
 */
export function addDependent<C>(list: Dependents<C>, memo: Memo<C>): Dependents<C> {
  if (!list) return memo
  if (!Array.isArray(list)) return list === memo || isDropped(list) ? memo : [list, memo]
  const { length } = list
  if (list[length - 1] === memo) return list
  if (length < EXACT_LENGTH) {
    if (list.includes(memo)) return list
    return list.some(isDropped) ? [...cleaned(list), memo] : list.concat(memo)
  }
  const isPowerOfTwo = (length & (length - 1)) === 0
  const kept = isPowerOfTwo ? cleaned(list) : list
  const result = kept.length <= length * (1 - UNNECESSARY_PART) ? kept : list
  result.push(memo)
  return result
}

/** The list without dropped results and repetitions. */
export function keptDependents<C>(list: Dependents<C>): Dependents<C> {
  if (!list) return undefined
  if (!Array.isArray(list)) return isDropped(list) ? undefined : list
  const kept = cleaned(list)
  if (kept.length === list.length) return list
  return kept.length > 1 ? kept : kept[0]
}

function cleaned<C>(list: readonly Memo<C>[]): Memo<C>[] {
  return [...new Set(list)].filter((memo) => !isDropped(memo))
}

function isDropped<C>({ state }: Memo<C>): boolean {
  return state === 'dropped'
}

export function dependentsIn<C>(list: Dependents<C>): readonly Memo<C>[] {
  if (!list) return []
  return Array.isArray(list) ? list : [list]
}

/**
 * The arguments of the results of some queries that were computed from some results, directly or through
 * others.
 *
 * @param visit is called with each result on the way.
 */
export function argumentsFrom<C, A>(
  results: readonly Memo<C>[],
  queries: ReadonlySet<object>,
  visit?: (memo: Memo<C>) => void,
): A[] {
  const found: A[] = []
  const seen = new Set<Memo<C>>()
  const pending = [...results]
  for (let memo = pending.pop(); memo; memo = pending.pop()) {
    if (isDropped(memo) || seen.has(memo)) continue
    seen.add(memo)
    visit?.(memo)
    if (queries.has(memo.query)) found.push(memo.argument)
    for (const dependent of dependentsIn(memo.dependents)) pending.push(dependent)
  }
  return found
}
