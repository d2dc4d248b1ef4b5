import type { InventoryChange } from '../inventory/inventory.js'
import type { FileFacts, PlacedDocument } from '../resources/readFile.js'
import type { Resource } from '../resources/resource.js'

/** Gathers what a batch of re-read files does to the inventory. */
export class InventoryChangeCollector {
  readonly #removed = new Set<Resource>()
  readonly #added = new Set<Resource>()
  readonly #opaque = new Map<string, number>()

  replace(before: FileFacts | undefined, after: FileFacts | undefined): void {
    const [gone, come] = differing(before?.documents ?? [], after?.documents ?? [])
    const old = new Set(gone.flatMap(({ facts }) => facts.resources))
    // A file that is read twice in a batch takes back what it brought first.
    for (const { facts } of come)
      for (const resource of facts.resources)
        if (!old.delete(resource) && !this.#removed.delete(resource)) this.#added.add(resource)
    for (const resource of old) if (!this.#added.delete(resource)) this.#removed.add(resource)
    for (const document of gone) this.#count(document, -1)
    for (const document of come) this.#count(document, 1)
  }

  result(): InventoryChange {
    return { removed: [...this.#removed], added: [...this.#added], opaque: this.#opaque }
  }

  #count({ facts }: PlacedDocument, difference: number): void {
    if (facts.opaqueKind !== undefined)
      this.#opaque.set(facts.opaqueKind, (this.#opaque.get(facts.opaqueKind) ?? 0) + difference)
  }
}

/** The documents of both sides without those that tell the same. Serial numbers rise on both. */
function differing(
  before: readonly PlacedDocument[],
  after: readonly PlacedDocument[],
): readonly [PlacedDocument[], PlacedDocument[]] {
  const gone: PlacedDocument[] = []
  const come: PlacedDocument[] = []
  for (let [old, next] = [0, 0]; old < before.length || next < after.length;) {
    const [a, b] = [before[old], after[next]]
    if (a && b && a.serial === b.serial) {
      if (a.facts !== b.facts) {
        gone.push(a)
        come.push(b)
      }
      old++
      next++
    } else if (a && (!b || a.serial < b.serial)) {
      gone.push(a)
      old++
    } else if (b) {
      come.push(b)
      next++
    }
  }
  return [gone, come]
}
