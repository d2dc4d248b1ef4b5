import { compact } from '../text/collections.js'
import type { Memo } from './memo.js'

/** An inventory key, or another result. */
type Source<C> = string | Memo<C>

/** What each result was computed from, in the order in which it was read. */
export class DependencyRecord<C> {
  readonly #sources = new Map<Memo<C>, readonly Source<C>[]>()
  readonly #running = new Map<Memo<C>, Set<Source<C>>>()
  /** The results of `keysOf`. */
  readonly #keys = new Map<Memo<C>, ReadonlySet<string>>()
  /** Recomputed results whose sources differ from before. */
  #changed: Memo<C>[] = []

  start(memo: Memo<C>): void {
    this.#running.set(memo, new Set())
  }

  add(reader: Memo<C>, source: Source<C>): void {
    const sources = this.#running.get(reader)
    // `keysOf` reads the last results first.
    if (typeof source !== 'string') sources?.delete(source)
    sources?.add(source)
  }

  end(memo: Memo<C>): void {
    const sources = compact([...(this.#running.get(memo) ?? [])])
    this.#running.delete(memo)
    const before = this.#sources.get(memo)
    if (before?.length === sources.length && before.every((each, at) => each === sources[at]))
      return
    this.#sources.set(memo, sources)
    if (before) this.#changed.push(memo)
  }

  drop(memo: Memo<C>): void {
    this.#running.delete(memo)
    this.#sources.delete(memo)
    this.#keys.delete(memo)
  }

  /** A result that this one was computed from has other sources now. */
  readonly forgetKeys = (memo: Memo<C>): void => {
    this.#keys.delete(memo)
  }

  /** The recomputed results whose sources differ from before, since the last call. */
  takeChanged(): readonly Memo<C>[] {
    const changed = this.#changed
    this.#changed = []
    return changed
  }

  /** Every inventory key that a result depends on, directly or through other results. */
  keysOf(memo: Memo<C>): ReadonlySet<string> {
    const known = this.#keys.get(memo)
    if (known) return known
    const result = this.keysWithout(memo, () => false)
    this.#keys.set(memo, result)
    return result
  }

  /** The same without the keys of some results. */
  keysWithout(start: Memo<C>, isLeftOut: (memo: Memo<C>) => boolean): ReadonlySet<string> {
    const result = new Set<string>()
    const seen = new Set<Memo<C>>()
    const pending = [start]
    for (let memo = pending.pop(); memo; memo = pending.pop()) {
      if (seen.has(memo) || isLeftOut(memo)) continue
      seen.add(memo)
      for (const source of this.#sources.get(memo) ?? [])
        if (typeof source === 'string') result.add(source)
        else pending.push(source)
    }
    return result
  }
}
