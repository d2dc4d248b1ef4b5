import type { YamlEntry } from '../node.js'
import { DECLINED } from './declined.js'

/** Up to this number of keys, a search is faster than a set. */
const FEW_KEYS = 12

/** The entries of one mapping, in which no key may be there twice. */
export class Entries {
  readonly list: YamlEntry[] = []
  #keys: Set<string> | undefined

  add(entry: YamlEntry): void {
    if (this.#has(entry.key)) throw DECLINED
    this.list.push(entry)
    if (this.#keys) this.#keys.add(entry.key)
    else if (this.list.length > FEW_KEYS) this.#keys = new Set(this.list.map(({ key }) => key))
  }

  #has(key: string): boolean {
    if (this.#keys) return this.#keys.has(key)
    for (const entry of this.list) if (entry.key === key) return true
    return false
  }
}
