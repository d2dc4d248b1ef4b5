import type { InventoryChange } from '../inventory/inventory.js'
import type { FileFacts, FileDocument } from '../resources/fileFacts.js'
import type { Resource } from '../resources/resource.js'

/** Collects how the inventory changes when files are read again. */
export class InventoryChangeCollector {
  readonly #removed = new Set<Resource>()
  readonly #added = new Set<Resource>()
  readonly #opaque = new Map<string, number>()

  replaceFile(before: FileFacts | undefined, after: FileFacts | undefined): void {
    const [removed, added] = differences(before?.documents ?? [], after?.documents ?? [])
    const old = new Set(removed.flatMap(({ facts }) => facts.resources))
    // A file may be read twice: what the second reading removes may not be in the inventory yet.
    for (const { facts } of added)
      for (const resource of facts.resources)
        if (!old.delete(resource) && !this.#removed.delete(resource)) this.#added.add(resource)
    for (const resource of old) if (!this.#added.delete(resource)) this.#removed.add(resource)
    for (const document of removed) this.#countTemplate(document, -1)
    for (const document of added) this.#countTemplate(document, 1)
  }

  result(): InventoryChange {
    return { removed: [...this.#removed], added: [...this.#added], opaque: this.#opaque }
  }

  #countTemplate({ facts }: FileDocument, difference: number): void {
    if (facts.opaqueKind !== undefined)
      this.#opaque.set(facts.opaqueKind, (this.#opaque.get(facts.opaqueKind) ?? 0) + difference)
  }
}

/** The change that turns the objects of some files into those of others. */
export function differenceOf(
  before: ReadonlyMap<string, FileFacts>,
  after: ReadonlyMap<string, FileFacts>,
): InventoryChange {
  const collector = new InventoryChangeCollector()
  for (const file of new Set([...before.keys(), ...after.keys()])) {
    const [old, next] = [before.get(file), after.get(file)]
    if (old?.documents !== next?.documents) collector.replaceFile(old, next)
  }
  return collector.result()
}

/** The documents that are only in one of two versions of a file. Serial numbers rise in both. */
function differences(
  before: readonly FileDocument[],
  after: readonly FileDocument[],
): readonly [FileDocument[], FileDocument[]] {
  const removed: FileDocument[] = []
  const added: FileDocument[] = []
  for (let [old, next] = [0, 0]; old < before.length || next < after.length;) {
    const [a, b] = [before[old], after[next]]
    if (a && b && a.serial === b.serial) {
      if (a.facts !== b.facts) {
        removed.push(a)
        added.push(b)
      }
      old++
      next++
    } else if (a && (!b || a.serial < b.serial)) {
      removed.push(a)
      old++
    } else if (b) {
      added.push(b)
      next++
    }
  }
  return [removed, added]
}
