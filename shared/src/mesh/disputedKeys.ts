import { indexKeys } from '../inventory/indexKeys.js'
import { getOrInsert, NONE } from '../text/collections.js'
import type { Dispute, DisputedPlace, Move } from './disputes.js'

interface Entry {
  readonly dispute: Dispute
  /** How many choices it has. */
  of: number
  /** How many of its objects the key lists. */
  objects: number
}

/**
 * With so many disputes under a key, there are too many combinations to evaluate, also without one
 * of them.
 */
const MANY = 6

/** The disputes whose objects an inventory key lists. */
export class DisputedKeys {
  /** The entries of a key are in the order of the ids of the disputes. */
  readonly #byKey = new Map<string, Entry[]>()

  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  /** In the order of their ids. */
  at(key: string): readonly Dispute[] {
    return this.#byKey.get(key)?.map(({ dispute }) => dispute) ?? NONE
  }

  /** Returns the keys for which other variants are evaluated than before. */
  update(moves: readonly Move[]): readonly string[] {
    const before = new Map<string, string>()
    for (const { resource, before: old, after: next } of moves)
      for (const key of new Set(indexKeys(resource))) {
        getOrInsert(before, key, () => this.#digest(key))
        if (old) this.#count(key, old, -1)
        if (next) this.#count(key, next, 1)
      }
    for (const key of before.keys()) this.#removeUnused(key)
    return [...before.keys()].filter((key) => before.get(key) !== this.#digest(key))
  }

  #count(key: string, { dispute, of }: DisputedPlace, change: 1 | -1): void {
    const entries = getOrInsert(this.#byKey, key, () => [])
    const index = indexOf(entries, dispute)
    const entry = entries[index]
    if (entry?.dispute !== dispute) entries.splice(index, 0, { dispute, of, objects: change })
    else {
      entry.objects += change
      if (change > 0) entry.of = of
    }
  }

  #removeUnused(key: string): void {
    const entries = this.#byKey.get(key) ?? []
    const used = entries.every(({ objects }) => objects > 0)
      ? entries
      : entries.filter(({ objects }) => objects > 0)
    if (used.length === 0) this.#byKey.delete(key)
    else if (used !== entries) this.#byKey.set(key, used)
  }

  /**
   * What decides the variants that are evaluated for an object that reads a key: all disputes, or the
   * two with most choices. The object can belong to one of the two itself.
   */
  #digest(key: string): string {
    const entries = this.#byKey.get(key) ?? []
    const shown = entries.map(({ dispute, of }) => ({ id: dispute.id, of }))
    const deciding = shown.length < MANY ? shown : shown.sort((a, b) => b.of - a.of).slice(0, 2)
    return JSON.stringify([shown.length < MANY, deciding])
  }
}

/** The index of a dispute, or the index where it belongs. */
function indexOf(entries: readonly Entry[], { id }: Dispute): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle]?.dispute.id ?? '') < id) low = middle + 1
    else high = middle
  }
  return low
}
