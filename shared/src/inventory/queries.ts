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

interface Entry<C> {
  readonly query: Query<C, never, unknown>
  readonly argument: never
  value: unknown
  /** `stale`: something that it read has changed, and it may be the same all the same. */
  state: 'known' | 'running' | 'stale' | 'gone'
  /** Entries that read this one. May name gone ones. */
  readers: Readers<C>
  /** Base keys that this one read itself; kept only while reads are recorded. */
  keys: string[] | undefined
  /** Entries that this one read; kept only while reads are recorded. */
  parts: Entry<C>[] | undefined
}

/** What stands under one base key, and who has read it. */
interface Cell<C, B> {
  readonly value: B
  readers: Readers<C>
}

/** What a new snapshot differs by. */
export interface Change {
  /** Base keys under which something else stands now. */
  readonly touched: Iterable<string>
  /** What is no longer there: nothing is asked about it again, so what was worked out about it is forgotten. */
  readonly gone: ReadonlySet<unknown>
}

/** Nobody, one reader or several: most have one, and an array for it would take more room than the rest. */
type Readers<C> = Entry<C> | Entry<C>[] | undefined

/** Lists of so few are copied to their exact size; longer ones have room for more. */
const FEW_READERS = 8

function withReader<C>(readers: Readers<C>, entry: Entry<C>): Readers<C> {
  if (!readers) return entry
  if (!Array.isArray(readers)) return readers === entry ? readers : [readers, entry]
  if (readers[readers.length - 1] === entry) return readers
  if (readers.length < FEW_READERS) return [...readers, entry]
  const kept = readers.length >= 32 && (readers.length & (readers.length - 1)) === 0 ? readers.filter(({ state }) => state !== 'gone') : readers
  kept.push(entry)
  return kept
}

function listOf<C>(readers: Readers<C>): readonly Entry<C>[] {
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
  readonly #entries = new Map<object, Map<unknown, Entry<C>>>()
  readonly #stack: Entry<C>[] = []
  /** Results of functions, until the stack is empty. */
  readonly #passing = new Map<object, Map<unknown, unknown>>()
  readonly #record: boolean
  /** Results whose parts have turned out to differ. */
  #outdated: Entry<C>[] = []
  #runs = 0

  /**
   * @param base what stands under a key now.
   * @param record whether `keysOf` can be asked; costs memory, for tests.
   */
  constructor(base: (key: string) => B, record = false) {
    this.#base = base
    this.#record = record
  }

  /** How many results were computed, for tests that count. */
  get runs(): number {
    return this.#runs
  }

  /** How many results are remembered, for tests that count. */
  get size(): number {
    return [...this.#entries.values()].reduce((sum, entries) => sum + entries.size, 0)
  }

  /** What stands under a base key; the running query depends on it. */
  read(key: string): B {
    let cell = this.#cells.get(key)
    if (!cell) {
      cell = { value: this.#base(key), readers: undefined }
      this.#cells.set(key, cell)
    }
    const reader = this.#stack[this.#stack.length - 1]
    if (reader) {
      cell.readers = withReader(cell.readers, reader)
      reader.keys?.push(key)
    }
    return cell.value
  }

  get<A extends string | object, V>(query: Query<C, A, V>, argument: A, context: C): V {
    const entry = this.#find(query, argument) ?? this.#enter(query, argument)
    if (entry.state === 'running') throw new Error(`Query ${query.name} depends on itself.`)
    if (entry.state !== 'known') this.#renew(entry, context)
    const reader = this.#stack[this.#stack.length - 1]
    if (reader) {
      entry.readers = withReader(entry.readers, reader)
      reader.parts?.push(entry)
    }
    return entry.value as V
  }

  /** The result of a function of its argument alone, remembered until the outermost query that asks has its answer. */
  briefly<A extends object, V>(compute: (argument: A) => V, argument: A): V {
    const results = this.#passing.get(compute) ?? new Map<unknown, unknown>()
    if (results.has(argument)) return results.get(argument) as V
    const result = compute(argument)
    if (this.#stack.length > 0) this.#passing.set(compute, results.set(argument, result))
    return result
  }

  /** Forgets every result that rests on what a change touches, and returns the arguments that `query` has lost. */
  invalidate<A extends string | object, V>({ touched, gone }: Change, query: Query<C, A, V>, context: C): A[] {
    const lost: A[] = []
    const suspects: Entry<C>[] = []
    for (const key of touched) {
      for (const reader of listOf(this.#cells.get(key)?.readers)) this.#outdated.push(reader)
      this.#cells.delete(key)
    }
    for (const argument of gone) {
      for (const entries of this.#entries.values()) {
        const entry = entries.get(argument)
        if (entry) this.#outdated.push(entry)
      }
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
        for (const reader of listOf(entry.readers)) this.#outdated.push(reader)
      }
      const suspect = suspects.pop()
      if (!suspect) return lost
      if (suspect.state !== 'stale') continue
      if (listOf(suspect.readers).every(({ state }) => state === 'gone')) this.#forget(suspect)
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
      for (const key of entry.keys ?? []) result.add(key)
      for (const part of entry.parts ?? []) pending.push(part)
    }
    return result
  }

  #find(query: object, argument: unknown): Entry<C> | undefined {
    return this.#entries.get(query)?.get(argument)
  }

  #enter<A extends string | object, V>(query: Query<C, A, V>, argument: A): Entry<C> {
    const entry: Entry<C> = { query, argument: argument as never, value: undefined, state: 'stale', readers: undefined, keys: undefined, parts: undefined }
    const entries = this.#entries.get(query)
    if (entries) entries.set(argument, entry)
    else this.#entries.set(query, new Map([[argument, entry]]))
    return entry
  }

  #forget(entry: Entry<C>): void {
    entry.state = 'gone'
    this.#entries.get(entry.query)?.delete(entry.argument)
  }

  /** Works a result out. Those who have read it are outdated where it is another than before. */
  #renew(entry: Entry<C>, context: C): void {
    const { query, value, readers } = entry
    entry.state = 'running'
    entry.readers = undefined
    if (this.#record) {
      entry.keys = []
      entry.parts = []
    }
    this.#stack.push(entry)
    this.#runs++
    let same = false
    try {
      entry.value = query.compute(context, entry.argument)
      same = readers !== undefined && query.same?.(value, entry.value) === true
      entry.state = 'known'
    } finally {
      this.#stack.pop()
      if (this.#stack.length === 0) this.#passing.clear()
      if (entry.state === 'running') this.#forget(entry)
      if (same) {
        entry.value = value
        entry.readers = readers
      } else if (readers) {
        for (const reader of listOf(readers)) this.#outdated.push(reader)
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
