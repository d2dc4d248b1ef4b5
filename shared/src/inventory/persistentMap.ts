interface Entry<V> {
  readonly key: string
  readonly value: V
}

type Leaf<V> = readonly Entry<V>[]
type Branch<V> = readonly (Leaf<V> | undefined)[]

const BRANCHES = 512
const LEAVES = 256

/**
 * An immutable map whose successor costs what changed, not what is there: a tree of two levels by hash, of which a change copies the parts that it
 * touches. A million entries make leaves of eight.
 */
export class PersistentMap<V> {
  readonly #branches: readonly (Branch<V> | undefined)[]

  private constructor(branches: readonly (Branch<V> | undefined)[]) {
    this.#branches = branches
  }

  static empty<V>(): PersistentMap<V> {
    return new PersistentMap<V>(new Array<undefined>(BRANCHES).fill(undefined))
  }

  get(key: string): V | undefined {
    const hash = hashOf(key)
    const leaf = this.#branches[branchOf(hash)]?.[leafOf(hash)]
    if (leaf) for (const entry of leaf) if (entry.key === key) return entry.value
    return undefined
  }

  /** This map with some entries set, or removed where the value is undefined. */
  with(changes: ReadonlyMap<string, V | undefined>): PersistentMap<V> {
    if (changes.size === 0) return this
    const branches = [...this.#branches]
    const copied = new Map<number, (Leaf<V> | undefined)[]>()
    for (const [key, value] of changes) {
      const hash = hashOf(key)
      const index = branchOf(hash)
      const branch = copied.get(index) ?? [...(branches[index] ?? new Array<undefined>(LEAVES).fill(undefined))]
      copied.set(index, branch)
      branches[index] = branch
      branch[leafOf(hash)] = withEntry(branch[leafOf(hash)], key, value)
    }
    return new PersistentMap(branches)
  }
}

function withEntry<V>(leaf: Leaf<V> | undefined, key: string, value: V | undefined): Leaf<V> | undefined {
  const others = leaf?.filter((entry) => entry.key !== key) ?? []
  if (value !== undefined) return [...others, { key, value }]
  return others.length > 0 ? others : undefined
}

function branchOf(hash: number): number {
  return (hash >>> 8) & (BRANCHES - 1)
}

function leafOf(hash: number): number {
  return hash & (LEAVES - 1)
}

/** FNV-1a, with its bits mixed so that the low ones depend on all. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
}
