import type { CountedWork } from './countedWork.js'
import { DependencyRecord } from './dependencyRecord.js'
import { addDependent, argumentsFrom, dependentsIn, keptDependents } from './memo.js'
import type { Dependents, Memo } from './memo.js'
import { Memos } from './memos.js'
import { PerQuery } from './perQuery.js'
import { setOf, type Invalidated, type Queried, type Query, type SnapshotChange } from './query.js'

/** The value of one inventory key, and the results that were computed from it. */
interface Input<C, B> {
  readonly value: B
  dependents: Dependents<C>
}

/** At least this number of results is dropped between two runs of `#dropUnused`. */
const MIN_DROPPED = 500

type Watched = ReadonlySet<object>

/** One run of `invalidate`. */
interface Invalidation<C, A> {
  readonly watched: Watched
  readonly removed: ReadonlySet<unknown>
  /** Results to be recomputed. */
  readonly stale: Memo<C>[]
  /** Arguments whose result of the watched query was dropped. */
  readonly dropped: A[]
}

/**
 * Memoised queries over an inventory, with red-green invalidation and early cut-off (as in Salsa
 * and rustc): a query is green while its value is right and red when a dependency has changed. A
 * red query is recomputed; if its value is the same, it turns green again and its dependents stay
 * green.
 *
 * ```text
 * (new) ──▶ computing ──▶ fresh ──▶ dropped    a dependency changed; the query has no `isSame`
 *              ▲            │
 *              │            ▼                  a dependency changed; the query has `isSame`
 *              └────────  stale ──▶ dropped    no other result depends on it
 * ```
 *
 * A result whose query throws is dropped too.
 *
 * `invalidate` works off two lists. A result on `#changedDependents` certainly has a changed
 * dependency: it becomes stale, or is dropped with all of its dependents. When that list is empty,
 * one stale result is recomputed; only if its value differs are its dependents put on the list.
 * Example: a new label on a Namespace changes the key `Namespace||shop`. "Is `shop` in ambient
 * mode?" is recomputed and has the same answer, so none of the findings that depend on it is
 * dropped.
 */
export class Queries<C, B> {
  readonly #readInput: (key: string) => B
  readonly #work: CountedWork | undefined
  readonly #inputs = new Map<string, Input<C, B>>()
  readonly #memos = new Memos<C>()
  #computing: Memo<C> | undefined
  readonly #perQuery = new PerQuery()
  /** Results for text that were read outside of all queries since the last `#dropUnused`. */
  readonly #readOutside = new Set<Memo<C>>()
  /** `#dropUnused` runs when so many results were dropped. */
  #dropUnusedAt = MIN_DROPPED
  readonly #record: DependencyRecord<C> | undefined
  /** Results with a changed dependency; empty outside of `invalidate`. */
  readonly #changedDependents: Memo<C>[] = []
  #runs = 0
  #reads = 0

  /**
   * @param readInput the value of an inventory key in the present snapshot.
   * @param record whether `keysOf` can be called. It costs memory.
   * @param work counts each read.
   */
  constructor(readInput: (key: string) => B, record = false, work?: CountedWork) {
    this.#readInput = readInput
    this.#work = work
    this.#record = record ? new DependencyRecord() : undefined
  }

  /** How many results were computed so far. For tests. */
  get runs(): number {
    return this.#runs
  }

  /** How many results and inventory keys were read so far. For tests. */
  get reads(): number {
    return this.#reads
  }

  /** How many inventory keys are remembered. For tests. */
  get keys(): number {
    return this.#inputs.size
  }

  /** How many results are remembered. For tests. */
  get size(): number {
    return this.#memos.size
  }

  /** The value of an inventory key. The running query depends on it from now on. */
  read(key: string): B {
    this.#reads++
    this.#work?.step()
    let input = this.#inputs.get(key)
    if (!input) {
      input = { value: this.#readInput(key), dependents: undefined }
      this.#inputs.set(key, input)
    }
    const reader = this.#computing
    if (reader) {
      input.dependents = addDependent(input.dependents, reader)
      this.#record?.add(reader, key)
    }
    return input.value
  }

  /**
   * The result of a query, computed unless it is fresh. The running query depends on it from now
   * on.
   *
   * @throws what the query throws, and where a query depends on itself.
   */
  get<A extends string | object, V>(query: Query<C, A, V>, argument: A, context: C): V {
    this.#reads++
    this.#work?.step()
    const memo = this.#memos.find(query, argument) ?? this.#memos.add(query, argument)
    if (memo.state === 'computing') throw new Error(`Query ${query.name} depends on itself.`)
    if (memo.state !== 'fresh') this.#recompute(memo, context)
    const reader = this.#computing
    if (reader) {
      memo.dependents = addDependent(memo.dependents, reader)
      this.#record?.add(reader, memo)
    } else if (typeof argument === 'string') this.#readOutside.add(memo)
    return memo.value as V
  }

  /** The result of a function of its argument alone, kept until the outermost query is done. */
  perQuery<A extends object, V>(compute: (argument: A) => V, argument: A): V {
    return this.#computing ? this.#perQuery.get(compute, argument) : compute(argument)
  }

  /**
   * Moves on to the next snapshot: drops or recomputes every result that depends on what changed.
   *
   * @param queried is never recomputed here.
   */
  invalidate<A extends string | object, V>(
    { changedKeys, removed, recheck = [] }: SnapshotChange,
    queried: Queried<C, A, V>,
    context: C,
  ): Invalidated<A> {
    const watched = setOf(queried)
    if (this.#memos.removed >= this.#dropUnusedAt) this.#dropUnused(watched)
    for (const key of changedKeys) {
      this.#invalidateDependents(this.#inputs.get(key)?.dependents)
      this.#inputs.delete(key)
    }
    for (const argument of removed)
      for (let memo = this.#memos.first(argument); memo; memo = memo.next)
        this.#changedDependents.push(memo)
    for (const argument of recheck)
      for (const query of watched) {
        const memo = this.#memos.find(query, argument)
        if (memo) this.#changedDependents.push(memo)
      }
    const run: Invalidation<C, A> = { watched, removed, stale: [], dropped: [] }
    do this.#propagate(run)
    while (this.#recomputeNext(run, context))
    return { dropped: run.dropped, moved: this.#moved(watched) }
  }

  /**
   * The arguments whose result of a query, or of several, may depend on one of these inventory keys, directly or
   * through other results: a result that no longer reads a key can be among them.
   */
  readersOf<A extends string | object, V>(keys: Iterable<string>, queried: Queried<C, A, V>): A[] {
    const readers = [...keys].flatMap((key) => dependentsIn(this.#inputs.get(key)?.dependents))
    return argumentsFrom<C, A>(readers, setOf(queried))
  }

  /**
   * Every inventory key that a result depends on, directly or through other results. Needs the
   * option `record`.
   *
   * @param options.ofVariants without the results that are the same in every variant.
   */
  keysOf<A extends string | object, V>(
    query: Query<C, A, V>,
    argument: A,
    { ofVariants = false }: { readonly ofVariants?: boolean } = {},
  ): ReadonlySet<string> {
    const memo = this.#memos.find(query, argument)
    if (!memo || !this.#record) return new Set()
    return ofVariants
      ? this.#record.keysWithout(memo, (other) => other.query.ofAllVariants === true)
      : this.#record.keysOf(memo)
  }

  #moved<A>(watched: Watched): A[] {
    return this.#record
      ? argumentsFrom<C, A>(this.#record.takeChanged(), watched, this.#record.forgetKeys)
      : []
  }

  #invalidateDependents(dependents: Dependents<C>): void {
    for (const dependent of dependentsIn(dependents)) this.#changedDependents.push(dependent)
  }

  /**
   * Makes results with a changed dependency stale, or drops them and goes on with their dependents.
   */
  #propagate<A>({ watched, removed, stale, dropped }: Invalidation<C, A>): void {
    for (let memo = this.#changedDependents.pop(); memo; memo = this.#changedDependents.pop()) {
      if (memo.state === 'dropped' || memo.state === 'stale') continue
      if (memo.query.isSame && !watched.has(memo.query) && !removed.has(memo.argument)) {
        memo.state = 'stale'
        stale.push(memo)
        continue
      }
      const { argument, dependents } = memo
      this.#drop(memo)
      if (watched.has(memo.query)) dropped.push(argument)
      this.#invalidateDependents(dependents)
    }
  }

  /**
   * Recomputes one stale result, or drops it where nothing depends on it. False where none is left.
   */
  #recomputeNext({ stale }: Invalidation<C, unknown>, context: C): boolean {
    const memo = stale.pop()
    if (!memo) return false
    // It may be fresh again: another result that was recomputed needed it.
    if (memo.state !== 'stale') return true
    if (dependentsIn(memo.dependents).every(({ state }) => state === 'dropped')) this.#drop(memo)
    else {
      try {
        this.#recompute(memo, context)
      } catch {
        // Its dependents are invalidated, and get the error when they need the result again.
      }
    }
    return true
  }

  /**
   * Computes a result. Invalidates its dependents unless its value is the same as before (early
   * cut-off).
   */
  #recompute(memo: Memo<C>, context: C): void {
    const { query, value, dependents } = memo
    memo.state = 'computing'
    memo.dependents = undefined
    this.#record?.start(memo)
    const outer = this.#computing
    this.#computing = memo
    this.#runs++
    let isSame = false
    try {
      memo.value = query.compute(context, memo.argument)
      isSame = dependents !== undefined && query.isSame?.(value, memo.value) === true
      memo.state = 'fresh'
      this.#record?.end(memo)
    } finally {
      this.#computing = outer
      if (!outer) this.#perQuery.clear()
      if (memo.state === 'computing') this.#drop(memo)
      if (isSame) {
        memo.value = value
        memo.dependents = dependents
      } else if (dependents) this.#invalidateDependents(dependents)
    }
  }

  /**
   * Drops the results that nothing needs any more, and forgets keys that no result depends on. It
   * reads all results, so it runs after a number of drops in proportion to them.
   *
   * @param watched its results are kept.
   */
  #dropUnused(watched: Watched): void {
    let removed: number
    do {
      removed = this.#memos.removed
      for (const memo of this.#memos.unused())
        if (!watched.has(memo.query) && !this.#readOutside.has(memo)) this.#drop(memo)
    } while (this.#memos.removed > removed)
    for (const [key, input] of this.#inputs) {
      input.dependents = keptDependents(input.dependents)
      if (!input.dependents) this.#inputs.delete(key)
    }
    this.#readOutside.clear()
    this.#dropUnusedAt = removed + MIN_DROPPED + this.#memos.size / 2
  }

  #drop(memo: Memo<C>): void {
    this.#record?.drop(memo)
    this.#memos.remove(memo)
  }
}
