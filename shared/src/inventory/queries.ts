/** A pure function of the snapshot, remembered until something that it read changes. */
export interface Query<C, A extends string | object, V> {
  readonly name: string
  readonly compute: (context: C, argument: A) => V
}

interface Entry {
  readonly query: object
  readonly argument: unknown
  value: unknown
  alive: boolean
  running: boolean
  /** Entries that read this one. May name dead ones. */
  readers: Entry[] | undefined
  /** Base keys that this one read itself; kept only while reads are recorded. */
  keys: string[] | undefined
  /** Entries that this one read; kept only while reads are recorded. */
  parts: Entry[] | undefined
}

/** Most lists have one member, and a literal takes no room for more. */
function push(list: Entry[] | undefined, entry: Entry): Entry[] {
  if (!list) return [entry]
  const last = list[list.length - 1]
  if (last === entry) return list
  const kept = list.length >= 32 && (list.length & (list.length - 1)) === 0 ? list.filter((item) => item.alive) : list
  kept.push(entry)
  return kept
}

/**
 * Remembers the results of queries and what each read: keys of the inventory and other queries. A change of keys forgets exactly the results
 * that rest on them.
 */
export class Queries<C> {
  readonly #entries = new Map<object, Map<unknown, Entry>>()
  readonly #keyReaders = new Map<string, Entry[]>()
  readonly #stack: Entry[] = []
  readonly #record: boolean
  #runs = 0

  /** @param record whether `keysOf` can be asked; costs memory, for tests. */
  constructor(record = false) {
    this.#record = record
  }

  /** How many results were computed, for tests that count. */
  get runs(): number {
    return this.#runs
  }

  /** Records that the running query read a key. */
  read(key: string): void {
    const reader = this.#stack[this.#stack.length - 1]
    if (!reader) return
    reader.keys?.push(key)
    this.#keyReaders.set(key, push(this.#keyReaders.get(key), reader))
  }

  get<A extends string | object, V>(query: Query<C, A, V>, argument: A, context: C): V {
    const entry = this.#find(query, argument) ?? this.#run(query, argument, context)
    if (entry.running) throw new Error(`Query ${query.name} depends on itself.`)
    const reader = this.#stack[this.#stack.length - 1]
    if (reader) {
      entry.readers = push(entry.readers, reader)
      reader.parts?.push(entry)
    }
    return entry.value as V
  }

  /** Forgets every result that rests on one of the keys, and returns the arguments that `query` has lost. */
  invalidate<A extends string | object, V>(touched: Iterable<string>, query: Query<C, A, V>): A[] {
    const lost: A[] = []
    const pending: Entry[] = []
    for (const key of touched) {
      for (const reader of this.#keyReaders.get(key) ?? []) pending.push(reader)
      this.#keyReaders.delete(key)
    }
    for (let entry = pending.pop(); entry; entry = pending.pop()) {
      if (!entry.alive) continue
      entry.alive = false
      this.#entries.get(entry.query)?.delete(entry.argument)
      if (entry.query === query) lost.push(entry.argument as A)
      for (const reader of entry.readers ?? []) if (reader.alive) pending.push(reader)
    }
    return lost
  }

  /** Every key that a result rests on, directly or through other queries. */
  keysOf<A extends string | object, V>(query: Query<C, A, V>, argument: A): ReadonlySet<string> {
    const result = new Set<string>()
    const seen = new Set<Entry>()
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

  #find(query: object, argument: unknown): Entry | undefined {
    return this.#entries.get(query)?.get(argument)
  }

  #run<A extends string | object, V>(query: Query<C, A, V>, argument: A, context: C): Entry {
    const entry: Entry = { query, argument, value: undefined, alive: true, running: true, readers: undefined, keys: this.#record ? [] : undefined, parts: this.#record ? [] : undefined }
    const entries = this.#entries.get(query) ?? new Map<unknown, Entry>()
    this.#entries.set(query, entries.set(argument, entry))
    this.#stack.push(entry)
    this.#runs++
    try {
      entry.value = query.compute(context, argument)
    } catch (error) {
      entries.delete(argument)
      entry.alive = false
      throw error
    } finally {
      this.#stack.pop()
      entry.running = false
    }
    return entry
  }
}
