import type { InventoryChange } from '../inventory/inventory.js'
import { getOrInsert } from '../text/collections.js'

/** A change that a mesh has made. */
export interface MeshChange {
  readonly change: InventoryChange
  /** The keys of the changed names that several objects have, or had, and of changed installs. */
  readonly names: ReadonlySet<string>
  /** The objects whose findings may depend on one of these inventory keys. */
  readonly readersOf: (inventoryKeys: Iterable<string>) => Iterable<object | string>
}

/** A value that a mesh keeps, and that follows its changes. */
export interface Follower {
  /** Returns the objects whose findings may differ now. */
  follow(change: MeshChange): Iterable<object | string>
}

/** The values that one mesh keeps besides its facts. */
export class Followers {
  readonly #followers = new Map<object, Follower>()
  readonly #ofSnapshot = new Map<object, unknown>()

  /** The follower that a function makes. The first call makes it. */
  get<M, V extends Follower>(make: (mesh: M) => V, mesh: M): V {
    return getOrInsert(this.#followers, make, () => make(mesh)) as V
  }

  /** A value of the present snapshot. */
  ofSnapshot<M, V extends object>(make: (mesh: M) => V, mesh: M): V {
    return getOrInsert(this.#ofSnapshot, make, () => make(mesh)) as V
  }

  /** There is another snapshot. */
  endSnapshot(): void {
    this.#ofSnapshot.clear()
  }

  /** Returns the objects whose findings may differ now. */
  follow(change: MeshChange): readonly (object | string)[] {
    return [...this.#followers.values()].flatMap((follower) => [...follower.follow(change)])
  }
}
