const FOLD_AT = 512

/**
 * An immutable map whose successor costs what changed, not what is there: a shared base and a small overlay, folded together when the overlay
 * has grown.
 */
export class PersistentMap<V> {
  readonly #base: ReadonlyMap<string, V>
  readonly #overlay: ReadonlyMap<string, V | undefined>

  private constructor(base: ReadonlyMap<string, V>, overlay: ReadonlyMap<string, V | undefined>) {
    this.#base = base
    this.#overlay = overlay
  }

  static empty<V>(): PersistentMap<V> {
    return new PersistentMap<V>(new Map(), new Map())
  }

  get(key: string): V | undefined {
    return this.#overlay.has(key) ? this.#overlay.get(key) : this.#base.get(key)
  }

  /** This map with some entries set, or removed where the value is undefined. */
  with(changes: ReadonlyMap<string, V | undefined>): PersistentMap<V> {
    if (this.#overlay.size + changes.size <= FOLD_AT) return new PersistentMap(this.#base, new Map([...this.#overlay, ...changes]))
    const folded = new Map(this.#base)
    for (const [key, value] of [...this.#overlay, ...changes]) {
      if (value === undefined) folded.delete(key)
      else folded.set(key, value)
    }
    return new PersistentMap<V>(folded, new Map())
  }
}
