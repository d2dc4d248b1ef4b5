import { keys } from '../inventory/indexKeys.js'
import type { Inventory, InventoryChange } from '../inventory/inventory.js'

/** The keys of the names that several objects have. */
export class ContestedNames {
  readonly #names = new Set<string>()

  get names(): ReadonlySet<string> {
    return this.#names
  }

  /** Takes the names of another mesh. */
  startFrom(other: ContestedNames): void {
    for (const name of other.#names) this.#names.add(name)
  }

  /**
   * Moves on with a change.
   *
   * @param inventory the inventory after the change.
   * @returns the changed names that several objects have, or had, and those of installs; and whether
   * there are other names than before, or other installs.
   */
  update(
    inventory: Inventory,
    { removed, added }: InventoryChange,
  ): { readonly names: ReadonlySet<string>; readonly haveChanged: boolean } {
    const names = new Set<string>()
    let haveChanged = false
    for (const { type, namespace, name } of [...removed, ...added]) {
      const key = keys.named(type, namespace, name)
      const before = this.#names.has(key)
      const now = inventory.at(key).length > 1
      if (now) this.#names.add(key)
      else this.#names.delete(key)
      if (before || now || type === 'MeshConfig') names.add(key)
      if (before !== now || type === 'MeshConfig') haveChanged = true
    }
    return { names, haveChanged }
  }
}
