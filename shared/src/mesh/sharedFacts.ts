import { getOrInsert } from '../text/collections.js'
import type { Mesh } from './mesh.js'
import type { MeshQuery } from './meshQuery.js'

interface SharedFact {
  /** The value in the whole mesh at the last call of `takeChanged`. */
  value: unknown
  /** The value in the whole mesh now. */
  readonly read: () => unknown
  readonly isSame: (before: unknown, after: unknown) => boolean
}

/** The facts that a part of a mesh takes from the whole mesh: they are the same in every variant. */
export class SharedFacts {
  readonly #whole: Mesh
  readonly #facts = new Map<string, SharedFact>()

  constructor(whole: Mesh) {
    this.#whole = whole
  }

  /** The key by which results of the part depend on a fact. It is no key of the inventory. */
  keyOf<V>(fact: MeshQuery<string, V>, argument: string): string {
    const key = `shared|${fact.name}|${argument}`
    getOrInsert(this.#facts, key, () => this.#shared(fact, argument))
    return key
  }

  /** Reads the fact of a key in the whole mesh. False if the key is not that of a fact. */
  read(key: string): boolean {
    const fact = this.#facts.get(key)
    fact?.read()
    return fact !== undefined
  }

  /** The keys of the facts with another value than at the last call. */
  takeChanged(): readonly string[] {
    return [...this.#facts].flatMap(([key, fact]) => {
      const before = fact.value
      fact.value = fact.read()
      return fact.isSame(before, fact.value) ? [] : [key]
    })
  }

  #shared<V>(fact: MeshQuery<string, V>, argument: string): SharedFact {
    const read = (): V => this.#whole.get(fact, argument)
    return {
      value: read(),
      read,
      isSame: (before, after) => fact.isSame?.(before as V, after as V) === true,
    }
  }
}
