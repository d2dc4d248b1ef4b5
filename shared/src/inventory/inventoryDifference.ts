import type { Resource } from '../resources/resource.js'
import { NONE } from '../text/collections.js'
import { keys } from './indexKeys.js'
import type { InventoryChange } from './inventory.js'
import { groupByKey, merge, without } from './sortedResources.js'

/** How an inventory differs from another one, its base. Immutable. */
export class InventoryDifference {
  /** Kind → templates that render to it, more than in the base. */
  readonly opaque: ReadonlyMap<string, number>
  /** The objects that only the base has. */
  readonly #missing: ReadonlySet<Resource>
  /** The objects that the base does not have. */
  readonly #own: ReadonlySet<Resource>
  readonly #missingAt: ReadonlyMap<string, readonly Resource[]>
  readonly #ownAt: ReadonlyMap<string, readonly Resource[]>
  /** The keys whose content differs from that in the base. */
  readonly keys: ReadonlySet<string>

  /** @param change turns the base into the inventory. */
  constructor({ removed, added, opaque = new Map() }: InventoryChange) {
    this.#missing = new Set(removed)
    this.#own = new Set(added)
    this.#missingAt = groupByKey(removed)
    this.#ownAt = groupByKey(added)
    this.opaque = new Map([...opaque].filter(([, count]) => count !== 0))
    this.keys = new Set([
      ...this.#missingAt.keys(),
      ...this.#ownAt.keys(),
      ...[...this.opaque.keys()].map(keys.opaque),
    ])
  }

  /** The number of objects that only one of both has. */
  get size(): number {
    return this.#missing.size + this.#own.size
  }

  /** Whether the content of a key differs from that in the base. */
  concerns(key: string): boolean {
    return this.keys.has(key)
  }

  /** Whether the content of one of these keys differs from that in the base. */
  concernsAny(inventoryKeys: ReadonlySet<string>): boolean {
    const [few, many] =
      this.keys.size < inventoryKeys.size ? [this.keys, inventoryKeys] : [inventoryKeys, this.keys]
    for (const key of few) if (many.has(key)) return true
    return false
  }

  /** Whether the base has an object, and the inventory does not. */
  lacks(resource: Resource): boolean {
    return this.#missing.has(resource)
  }

  /** The content of a key, from that in the base. */
  applyTo(key: string, inBase: readonly Resource[]): readonly Resource[] {
    const missing = this.#missingAt.get(key)
    return merge(missing ? without(inBase, missing) : inBase, this.#ownAt.get(key) ?? NONE)
  }

  /**
   * The difference after changes of the inventory and of its base: this one if both changed in the
   * same way.
   */
  after(change: InventoryChange, ofBase?: InventoryChange): InventoryDifference {
    const missing = new Set(this.#missing)
    const own = new Set(this.#own)
    const opaque = new Map(this.opaque)
    const count = (changes: InventoryChange['opaque'], sign: 1 | -1): void => {
      for (const [kind, more] of changes ?? [])
        opaque.set(kind, (opaque.get(kind) ?? 0) + sign * more)
    }
    count(change.opaque, 1)
    count(ofBase?.opaque, -1)
    for (const resource of [...change.removed, ...(ofBase?.added ?? [])])
      if (!own.delete(resource)) missing.add(resource)
    for (const resource of [...change.added, ...(ofBase?.removed ?? [])])
      if (!missing.delete(resource)) own.add(resource)
    const isSame =
      hasSameItems(missing, this.#missing) &&
      hasSameItems(own, this.#own) &&
      [...opaque].every(([kind, number]) => number === (this.opaque.get(kind) ?? 0))
    return isSame
      ? this
      : new InventoryDifference({ removed: [...missing], added: [...own], opaque })
  }
}

function hasSameItems<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item))
}
