/** A pure function of the snapshot, remembered until something that it read changes. */
export interface Query<C, A extends string | object, V> {
  readonly name: string
  readonly compute: (context: C, argument: A) => V
  /**
   * Where given, the answer is worked out again at once when something that it read changes, and whoever has read it is left as he is if it is the same
   * as before.
   */
  same?(before: V, after: V): boolean
}

/** What is remembered of one question. */
class Entry<C> {
  readonly query: Query<C, never, unknown>
  readonly argument: never
  value: unknown = undefined
  /** `stale`: something that it read has changed, and it may be the same all the same. */
  state: 'known' | 'running' | 'stale' | 'gone' = 'stale'
  /** Entries that read this one. May name gone ones. */
  dependents: Dependents<C> = undefined
  /** The next question about the same argument, in the order in which they were first asked. */
  next: Entry<C> | undefined = undefined

  constructor(query: Query<C, never, unknown>, argument: never) {
    this.query = query
    this.argument = argument
  }
}

/** What an entry read itself. */
interface Reads<C> {
  readonly keys: string[]
  readonly parts: Entry<C>[]
}

/** What stands under one base key, and who has read it. */
interface Cell<C, B> {
  readonly value: B
  dependents: Dependents<C>
}

/** What a new snapshot differs by. */
export interface Change {
  /** Base keys under which something else stands now. */
  readonly touched: Iterable<string>
  /** What is no longer there: nothing is asked about it again, so what was worked out about it is forgotten. */
  readonly gone: ReadonlySet<unknown>
  /** What has to be asked about again, whatever was read for it. */
  readonly concerned?: Iterable<unknown>
}

/** Nobody, one reader or several: most have one, and an array for it would take more room than the rest. */
type Dependents<C> = Entry<C> | Entry<C>[] | undefined

/** Lists of so few are as long as what they hold; longer ones have room for more. */
const FEW_READERS = 8

function withDependent<C>(readers: Dependents<C>, entry: Entry<C>): Dependents<C> {
  if (!readers) return entry
  if (!Array.isArray(readers)) return readers === entry ? readers : [readers, entry]
  if (readers[readers.length - 1] === entry) return readers
  if (readers.length < FEW_READERS) return readers.concat(entry)
  const kept =
    readers.length >= 32 && (readers.length & (readers.length - 1)) === 0
      ? readers.filter(({ state }) => state !== 'gone')
      : readers
  kept.push(entry)
  return kept
}

function listOf<C>(readers: Dependents<C>): readonly Entry<C>[] {
  if (!readers) return []
  return Array.isArray(readers) ? readers : [readers]
}

/**
 * Remembers the results of queries and what each read: keys of the inventory and other queries. A change of keys forgets exactly the results
 * that rest on them.
 */
export class Queries<C, B> {
  readonly #base: (key: string) => B
  readonly #cells = new Map<string, Cell<C, B>>()
  /** By what they are about: few questions are asked about one object, and one place says all that rests on it. */
  readonly #entries = new Map<unknown, Entry<C>>()
  /** What is being worked out. */
  #running: Entry<C> | undefined
  /** Results of functions, until nothing is being worked out. */
  readonly #passing = new Map<object, Map<unknown, unknown>>()
  /** Only where it is recorded. */
  readonly #reads: Map<Entry<C>, Reads<C>> | undefined
  /** Results whose parts have turned out to differ. */
  #outdated: Entry<C>[] = []
  #runs = 0

  /**
   * @param base what stands under a key now.
   * @param record whether `keysOf` can be asked; costs memory, for tests.
   */
  constructor(base: (key: string) => B, record = false) {
    this.#base = base
    this.#reads = record ? new Map() : undefined
  }

  /** How many results were computed, for tests that count. */
  get runs(): number {
    return this.#runs
  }

  /** How many results are remembered, for tests that count. */
  get size(): number {
    let size = 0
    for (const first of this.#entries.values())
      for (let entry: Entry<C> | undefined = first; entry; entry = entry.next) size++
    return size
  }

  /** What stands under a base key; the running query depends on it. */
  read(key: string): B {
    let cell = this.#cells.get(key)
    if (!cell) {
      cell = { value: this.#base(key), dependents: undefined }
      this.#cells.set(key, cell)
    }
    const reader = this.#running
    if (reader) {
      cell.dependents = withDependent(cell.dependents, reader)
      this.#reads?.get(reader)?.keys.push(key)
    }
    return cell.value
  }

  get<A extends string | object, V>(query: Query<C, A, V>, argument: A, context: C): V {
    const entry = this.#find(query, argument) ?? this.#enter(query, argument)
    if (entry.state === 'running') throw new Error(`Query ${query.name} depends on itself.`)
    if (entry.state !== 'known') this.#renew(entry, context)
    const reader = this.#running
    if (reader) {
      entry.dependents = withDependent(entry.dependents, reader)
      this.#reads?.get(reader)?.parts.push(entry)
    }
    return entry.value as V
  }

  /** The result of a function of its argument alone, remembered until the outermost query that asks has its answer. */
  briefly<A extends object, V>(compute: (argument: A) => V, argument: A): V {
    const results = this.#passing.get(compute) ?? new Map<unknown, unknown>()
    if (results.has(argument)) return results.get(argument) as V
    const result = compute(argument)
    if (this.#running) this.#passing.set(compute, results.set(argument, result))
    return result
  }

  /** Forgets every result that rests on what a change touches, and what `query` answered about those whom it concerns; returns the arguments that `query` has lost. */
  invalidate<A extends string | object, V>(
    { touched, gone, concerned = [] }: Change,
    query: Query<C, A, V>,
    context: C,
  ): A[] {
    const lost: A[] = []
    const suspects: Entry<C>[] = []
    for (const key of touched) {
      for (const reader of listOf(this.#cells.get(key)?.dependents)) this.#outdated.push(reader)
      this.#cells.delete(key)
    }
    for (const argument of gone) {
      for (let entry = this.#entries.get(argument); entry; entry = entry.next)
        this.#outdated.push(entry)
    }
    for (const argument of concerned) {
      const entry = this.#find(query, argument)
      if (entry) this.#outdated.push(entry)
    }
    for (;;) {
      for (let entry = this.#outdated.pop(); entry; entry = this.#outdated.pop()) {
        if (entry.state === 'gone' || entry.state === 'stale') continue
        if (entry.query.same && entry.query !== query && !gone.has(entry.argument)) {
          entry.state = 'stale'
          suspects.push(entry)
          continue
        }
        this.#forget(entry)
        if (entry.query === query) lost.push(entry.argument)
        for (const reader of listOf(entry.dependents)) this.#outdated.push(reader)
      }
      const suspect = suspects.pop()
      if (!suspect) return lost
      if (suspect.state !== 'stale') continue
      if (listOf(suspect.dependents).every(({ state }) => state === 'gone')) this.#forget(suspect)
      else this.#check(suspect, context)
    }
  }

  /** Every key that a result rests on, directly or through other queries. */
  keysOf<A extends string | object, V>(query: Query<C, A, V>, argument: A): ReadonlySet<string> {
    const result = new Set<string>()
    const seen = new Set<Entry<C>>()
    const pending = [this.#find(query, argument)]
    while (pending.length > 0) {
      const entry = pending.pop()
      if (!entry || seen.has(entry)) continue
      seen.add(entry)
      const { keys = [], parts = [] } = this.#reads?.get(entry) ?? {}
      for (const key of keys) result.add(key)
      for (const part of parts) pending.push(part)
    }
    return result
  }

  #find(query: object, argument: unknown): Entry<C> | undefined {
    let entry = this.#entries.get(argument)
    while (entry && entry.query !== query) entry = entry.next
    return entry
  }

  #enter<A extends string | object, V>(query: Query<C, A, V>, argument: A): Entry<C> {
    const entry = new Entry<C>(query, argument as never)
    let last = this.#entries.get(argument)
    while (last?.next) last = last.next
    if (last) last.next = entry
    else this.#entries.set(argument, entry)
    return entry
  }

  #forget(entry: Entry<C>): void {
    entry.state = 'gone'
    this.#reads?.delete(entry)
    const first = this.#entries.get(entry.argument)
    if (first === entry) {
      if (entry.next) this.#entries.set(entry.argument, entry.next)
      else this.#entries.delete(entry.argument)
      return
    }
    for (let before = first; before; before = before.next)
      if (before.next === entry) before.next = entry.next
  }

  /** Works a result out. Those who have read it are outdated where it is another than before. */
  #renew(entry: Entry<C>, context: C): void {
    const { query, value, dependents } = entry
    entry.state = 'running'
    entry.dependents = undefined
    this.#reads?.set(entry, { keys: [], parts: [] })
    const outer = this.#running
    this.#running = entry
    this.#runs++
    let same = false
    try {
      entry.value = query.compute(context, entry.argument)
      same = dependents !== undefined && query.same?.(value, entry.value) === true
      entry.state = 'known'
    } finally {
      this.#running = outer
      if (!outer) this.#passing.clear()
      if (entry.state === 'running') this.#forget(entry)
      if (same) {
        entry.value = value
        entry.dependents = dependents
      } else if (dependents) {
        for (const reader of listOf(dependents)) this.#outdated.push(reader)
      }
    }
  }

  #check(suspect: Entry<C>, context: C): void {
    try {
      this.#renew(suspect, context)
    } catch {
      // Those who have read it are outdated now, and meet the error when they ask for it again.
    }
  }
}
