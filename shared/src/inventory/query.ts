/** A pure function of a snapshot, memoised by argument until something that it read changes. */
export interface Query<C, A extends string | object, V> {
  readonly name: string
  readonly compute: (context: C, argument: A) => V
  /**
   * Whether a recomputed value equals the previous one. Given: the query is recomputed as soon as a
   * dependency changes, and its dependents are invalidated only if the values differ (early
   * cut-off). Not given: it is dropped together with its dependents, and recomputed on the next
   * `get`.
   */
  isSame?(before: V, after: V): boolean
  /** Whether the value is the same in every variant of the mesh. */
  readonly ofAllVariants?: boolean
}

/**
 * A query whose value is the same for all arguments of a class, and is remembered once for each
 * class.
 */
export interface ClassQuery<C, A, K extends string, V> {
  /** The class of an argument. */
  readonly classOf: (context: C, argument: A) => K
  readonly ofClass: Query<C, K, V>
}

/** A query, or several. */
export type Queried<C, A extends string | object, V> = Query<C, A, V> | ReadonlySet<Query<C, A, V>>

export function setOf<C, A extends string | object, V>(
  queried: Queried<C, A, V>,
): ReadonlySet<Query<C, A, V>> {
  return 'has' in queried ? queried : new Set([queried])
}

/** What differs between a snapshot and the one before it. */
export interface SnapshotChange {
  /** Inventory keys with another value. */
  readonly changedKeys: Iterable<string>
  /** Arguments that no longer exist. Their results are dropped and not recomputed. */
  readonly removed: ReadonlySet<unknown>
  /** Arguments whose result of the watched query is dropped whether or not a dependency changed. */
  readonly recheck?: Iterable<unknown>
}

/** What a change of the snapshot did to the results of the watched query. */
export interface Invalidated<A> {
  /** Arguments whose result was dropped. */
  readonly dropped: A[]
  /** Arguments whose result is the same, but may depend on other keys now. Needs the option `record`. */
  readonly moved: A[]
}

/** What two changes did, one after the other. */
export function together<A>(first: Invalidated<A>, second: Invalidated<A>): Invalidated<A> {
  return {
    dropped: [...first.dropped, ...second.dropped],
    moved: [...first.moved, ...second.moved],
  }
}
