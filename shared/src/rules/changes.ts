import type { InventoryChange } from '../inventory/inventory.js'
import type { FileFacts, PlacedDocument } from '../resources/readFile.js'
import type { Resource } from '../resources/resource.js'
import { equal } from '../text/equal.js'

export { equal }

/** Gathers what a batch of re-read files does to the inventory. */
export class ChangeCollector {
  readonly #removed = new Set<Resource>()
  readonly #added = new Set<Resource>()
  readonly #opaque = new Map<string, number>()

  replace(before: FileFacts | undefined, after: FileFacts | undefined): void {
    const old = new Set(resourcesOf(before))
    const next = new Set(resourcesOf(after))
    // A file that is read twice in a batch takes back what it brought first.
    for (const resource of old) if (!next.has(resource) && !this.#added.delete(resource)) this.#removed.add(resource)
    for (const resource of next) if (!old.has(resource) && !this.#removed.delete(resource)) this.#added.add(resource)
    for (const document of before?.documents ?? []) this.#count(document, -1)
    for (const document of after?.documents ?? []) this.#count(document, 1)
  }

  result(): InventoryChange {
    return { removed: [...this.#removed], added: [...this.#added], opaque: this.#opaque }
  }

  #count({ facts }: PlacedDocument, difference: number): void {
    if (facts.opaqueKind !== undefined) this.#opaque.set(facts.opaqueKind, (this.#opaque.get(facts.opaqueKind) ?? 0) + difference)
  }
}

/** The objects of a file, and one for a remote base or a chart dependency that may bring more than the files show. */
function resourcesOf(file: FileFacts | undefined): Resource[] {
  return (file?.documents ?? []).flatMap(({ facts }) => [...facts.resources])
}

/**
 * The new facts of a file, with the old objects wherever a document says the same as before but for its layout: whoever depends on an object need not
 * be judged again.
 */
export function keepEqualFacts(before: FileFacts, after: FileFacts): FileFacts {
  const old = new Map(before.documents.map((document) => [document.serial, document]))
  return {
    ...after,
    documents: after.documents.map((document) => {
      const earlier = old.get(document.serial)
      if (!earlier || earlier.facts === document.facts || !equal(earlier.facts.resources, document.facts.resources)) return document
      return { ...document, facts: { ...document.facts, resources: earlier.facts.resources } }
    }),
  }
}
