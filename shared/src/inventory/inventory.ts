import type { Resource } from '../resources/resource.js'
import { NONE } from '../text/collections.js'
import { indexKeys, keys } from './indexKeys.js'
import type { InventoryDifference } from './inventoryDifference.js'
import { PersistentMap } from './persistentMap.js'
import { groupByKey, merge, without } from './sortedResources.js'

/** A change of the inventory. */
export interface InventoryChange {
  readonly removed: readonly Resource[]
  readonly added: readonly Resource[]
  /** Kind → difference in the number of templates that render to it. */
  readonly opaque?: ReadonlyMap<string, number>
}

/** A part of an inventory. */
export interface InventoryView {
  /** Whether a key can list objects that are not in the part. */
  readonly concerns: (key: string) => boolean
  readonly includes: (resource: Resource) => boolean
}

interface Content {
  readonly buckets: PersistentMap<readonly Resource[]>
  readonly opaque: PersistentMap<number>
  /** How the content differs from the buckets. */
  readonly difference?: InventoryDifference
  readonly view?: InventoryView
}

/** All resources of one mesh, listed under the keys of `indexKeys`. Immutable. */
export class Inventory {
  readonly #content: Content

  private constructor(content: Content) {
    this.#content = content
  }

  static empty(): Inventory {
    return new Inventory({ buckets: PersistentMap.empty(), opaque: PersistentMap.empty() })
  }

  /** The resources under a key, in the order of file, document and position. */
  at(key: string): readonly Resource[] {
    const all = this.everyAt(key)
    const { view } = this.#content
    return view?.concerns(key) === true ? all.filter(view.includes) : all
  }

  /** The resources under a key, also those that the view leaves out. */
  everyAt(key: string): readonly Resource[] {
    const { buckets, difference } = this.#content
    const all = buckets.get(key) ?? NONE
    return difference ? difference.applyTo(key, all) : all
  }

  /** A part of this inventory. It shares the objects and their order, and cannot be changed. */
  seenThrough(view: InventoryView): Inventory {
    return new Inventory({ ...this.#content, view })
  }

  /**
   * This inventory with a difference. It needs memory in proportion to the difference and shares
   * everything else. This inventory has no difference itself.
   */
  with(difference: InventoryDifference): Inventory {
    return new Inventory({ ...this.#content, difference })
  }

  /** The number of templates that render to this kind. */
  opaqueCount(kind: string): number {
    const { opaque, difference } = this.#content
    return (opaque.get(keys.opaque(kind)) ?? 0) + (difference?.opaque.get(kind) ?? 0)
  }

  /** The inventory after a change, and the keys whose content differs. */
  apply(change: InventoryChange): {
    readonly inventory: Inventory
    readonly changedKeys: readonly string[]
  } {
    const { buckets, opaque, difference } = this.#content
    if (difference)
      return {
        inventory: new Inventory({ buckets, opaque, difference: difference.after(change) }),
        changedKeys: keysOfChange(change),
      }
    const lists: Map<string, readonly Resource[] | undefined> = groupByKey(change.added)
    const removed = groupByKey(change.removed)
    for (const [key, resources] of lists)
      if (!removed.has(key)) lists.set(key, merge(this.at(key), resources ?? NONE))
    for (const [key, resources] of removed) {
      const next = merge(without(this.at(key), resources), lists.get(key) ?? NONE)
      lists.set(key, next.length > 0 ? next : undefined)
    }
    const counts = new Map<string, number>()
    for (const [kind, count] of change.opaque ?? [])
      if (count !== 0) counts.set(keys.opaque(kind), this.opaqueCount(kind) + count)
    return {
      inventory: new Inventory({ buckets: buckets.with(lists), opaque: opaque.with(counts) }),
      changedKeys: [...lists.keys(), ...counts.keys()],
    }
  }
}

/** The keys whose content a change can change. */
export function keysOfChange({ removed, added, opaque = new Map() }: InventoryChange): string[] {
  return [
    ...new Set([...removed, ...added].flatMap(indexKeys)),
    ...[...opaque].flatMap(([kind, count]) => (count === 0 ? [] : keys.opaque(kind))),
  ]
}
