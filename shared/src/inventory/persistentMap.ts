/**
 * A linked list of the entries with the same leaf. Few leaves have a second entry, so arrays would
 * need more memory.
 */
interface Leaf<V> {
  readonly key: string
  readonly value: V
  readonly next: Leaf<V> | undefined
}

type Branch<V> = readonly (Leaf<V> | undefined)[]

const BRANCHES = 512
const LEAVES = 256

/**
 * An immutable map. `with` costs time in proportion to the changes, not to the size: the map is a
 * tree of two levels by hash, and only the changed branches are copied. With a million entries a
 * leaf has eight on average.
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
    let entry = this.#branches[branchOf(hash)]?.[leafOf(hash)]
    while (entry && entry.key !== key) entry = entry.next
    return entry?.value
  }

  /** A copy with some entries set; an entry whose value is undefined is removed. */
  with(changes: ReadonlyMap<string, V | undefined>): PersistentMap<V> {
    if (changes.size === 0) return this
    const branches = [...this.#branches]
    const copied = new Map<number, (Leaf<V> | undefined)[]>()
    for (const [key, value] of changes) {
      const hash = hashOf(key)
      const index = branchOf(hash)
      const branch = copied.get(index) ?? [
        ...(branches[index] ?? new Array<undefined>(LEAVES).fill(undefined)),
      ]
      copied.set(index, branch)
      branches[index] = branch
      const others = without(branch[leafOf(hash)], key)
      branch[leafOf(hash)] = value === undefined ? others : { key, value, next: others }
    }
    return new PersistentMap(branches)
  }
}

/** The leaf without the entry of a key. The order of entries does not matter. */
function without<V>(leaf: Leaf<V> | undefined, key: string): Leaf<V> | undefined {
  let others: Leaf<V> | undefined
  let isThere = false
  for (let entry = leaf; entry; entry = entry.next) {
    if (entry.key === key) isThere = true
    else others = { key: entry.key, value: entry.value, next: others }
  }
  return isThere ? others : leaf
}

function branchOf(hash: number): number {
  return (hash >>> 8) & (BRANCHES - 1)
}

function leafOf(hash: number): number {
  return hash & (LEAVES - 1)
}

/** FNV-1a, with its bits mixed so that the low bits depend on all of them. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
}
