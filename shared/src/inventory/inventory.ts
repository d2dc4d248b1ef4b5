import type { Resource } from '../resources/resource.js'
import { indexKeys, keys } from './indexKeys.js'
import { PersistentMap } from './persistentMap.js'
import { addToGroup, NONE } from '../text/collections.js'

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

/** All resources of one mesh, listed under the keys of `indexKeys`. Immutable. */
export class Inventory {
  readonly #buckets: PersistentMap<readonly Resource[]>
  readonly #opaque: PersistentMap<number>
  readonly #view: InventoryView | undefined

  private constructor(
    buckets: PersistentMap<readonly Resource[]>,
    opaque: PersistentMap<number>,
    view?: InventoryView,
  ) {
    this.#buckets = buckets
    this.#opaque = opaque
    this.#view = view
  }

  static empty(): Inventory {
    return new Inventory(PersistentMap.empty(), PersistentMap.empty())
  }

  /** The resources under a key, in the order of file, document and position. */
  at(key: string): readonly Resource[] {
    const all = this.#buckets.get(key) ?? NONE
    return this.#view?.concerns(key) === true ? all.filter(this.#view.includes) : all
  }

  /** The resources under a key, also those that the view leaves out. */
  everyAt(key: string): readonly Resource[] {
    return this.#buckets.get(key) ?? NONE
  }

  /** A part of this inventory. It shares the objects and their order, and cannot be changed. */
  seenThrough(view: InventoryView): Inventory {
    return new Inventory(this.#buckets, this.#opaque, view)
  }

  /** The number of templates that render to this kind. */
  opaqueCount(kind: string): number {
    return this.#opaque.get(keys.opaque(kind)) ?? 0
  }

  /** The inventory after a change, and the keys whose content differs. */
  apply(change: InventoryChange): {
    readonly inventory: Inventory
    readonly changedKeys: readonly string[]
  } {
    const buckets: Map<string, readonly Resource[] | undefined> = groupByKey(change.added)
    const removed = groupByKey(change.removed)
    for (const [key, resources] of buckets)
      if (!removed.has(key)) buckets.set(key, merge(this.at(key), resources ?? NONE))
    for (const [key, resources] of removed) {
      const next = merge(without(this.at(key), resources), buckets.get(key) ?? NONE)
      buckets.set(key, next.length > 0 ? next : undefined)
    }
    const opaque = new Map<string, number>()
    for (const [kind, difference] of change.opaque ?? []) {
      if (difference !== 0) opaque.set(keys.opaque(kind), this.opaqueCount(kind) + difference)
    }
    return {
      inventory: new Inventory(this.#buckets.with(buckets), this.#opaque.with(opaque)),
      changedKeys: [...buckets.keys(), ...opaque.keys()],
    }
  }
}

function groupByKey(resources: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>()
  for (const resource of [...resources].sort(byOrigin)) {
    for (const key of indexKeys(resource)) addToGroup(groups, key, resource)
  }
  return groups
}

/**
 * A sorted list without some of its items. These are few: each is found by binary search, and the
 * slices between them are copied.
 */
function without(
  resources: readonly Resource[],
  removed: readonly Resource[],
): readonly Resource[] {
  const slices: (readonly Resource[])[] = []
  let from = 0
  for (const resource of removed) {
    const at = resources.lastIndexOf(resource, indexAfter(resource, resources, from) - 1)
    if (at < 0) continue
    slices.push(resources.slice(from, at))
    from = at + 1
  }
  return concat(slices, resources.slice(from))
}

/** Two sorted lists as one, in the same way. */
function merge(kept: readonly Resource[], added: readonly Resource[]): readonly Resource[] {
  if (kept.length === 0 || added.length === 0) return kept.length === 0 ? added : kept
  const slices: (readonly Resource[])[] = []
  let from = 0
  for (const resource of added) {
    const at = indexAfter(resource, kept, from)
    slices.push(kept.slice(from, at), [resource])
    from = at
  }
  return concat(slices, kept.slice(from))
}

function concat(
  slices: readonly (readonly Resource[])[],
  rest: readonly Resource[],
): readonly Resource[] {
  return slices.length === 0 ? rest : ([] as Resource[]).concat(...slices, rest)
}

/** The index of the first item after a resource. */
function indexAfter(resource: Resource, kept: readonly Resource[], from: number): number {
  let low = from
  let high = kept.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = kept[middle]
    if (other && byOrigin(other, resource) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

function byOrigin(a: Resource, b: Resource): number {
  if (a.origin.file !== b.origin.file) return a.origin.file < b.origin.file ? -1 : 1
  return a.origin.document - b.origin.document || a.origin.ordinal - b.origin.ordinal
}
