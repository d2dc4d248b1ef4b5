import type { Asked } from '../resources/documentFacts.js'
import type { FileFacts } from '../resources/readFile.js'
import { addToGroup, getOrInsert } from '../text/collections.js'

/** What files have to do with each other by the kustomizations that change their objects. */
export class KustomizeIndex {
  readonly #foreign = new Map<string, ReadonlySet<string>>()
  readonly #drawing = new Map<string, Set<string>>()
  /** How many objects that have gone by a name are called what now. */
  readonly #declared = new Map<string, Map<string, number>>()
  readonly #asking = new Map<string, Map<string, Asked[]>>()
  #changedKeys = new Set<string>()
  #touched = new Set<string>()

  replace(before: FileFacts | undefined, after: FileFacts | undefined): void {
    const file = (after ?? before)?.file
    if (file === undefined) return
    for (const foreign of before?.foreignFiles ?? []) this.#drawing.get(foreign)?.delete(file)
    for (const foreign of after?.foreignFiles ?? [])
      this.#drawing.set(foreign, (this.#drawing.get(foreign) ?? new Set<string>()).add(file))
    for (const foreign of [...(before?.foreignFiles ?? []), ...(after?.foreignFiles ?? [])])
      this.#touched.add(foreign)
    if (after && after.foreignFiles.size > 0) this.#foreign.set(file, after.foreignFiles)
    else this.#foreign.delete(file)
    this.#count(before, -1)
    this.#count(after, 1)
    this.#ask(before, after, file)
  }

  /** What an object is called now that has gone by a name; undefined where there is none, or several of which none is called as is likely. */
  nameNow(key: string, likely: string): string | undefined {
    const names = this.#declared.get(key)
    if (names?.has(likely) === true) return likely
    const [only, ...others] = names?.keys() ?? []
    return others.length === 0 ? only : undefined
  }

  /** The files that were read with another answer than there would be now. */
  misled(): readonly string[] {
    const result = new Set<string>()
    for (const key of this.#changedKeys) {
      for (const [file, asks] of this.#asking.get(key) ?? [])
        if (asks.some(({ likely, answer }) => answer !== this.nameNow(key, likely)))
          result.add(file)
    }
    this.#changedKeys = new Set()
    return [...result]
  }

  /** The files of whose objects something stands in a file. */
  drawingOn(file: string): Iterable<string> {
    return this.#drawing.get(file) ?? []
  }

  /** Some files, and those in which something of their objects stands or has stood since the last time. */
  withForeign(files: readonly string[]): ReadonlySet<string> {
    const result = new Set([...files, ...this.#touched])
    for (const file of files)
      for (const foreign of this.#foreign.get(file) ?? []) result.add(foreign)
    this.#touched = new Set()
    return result
  }

  #count(facts: FileFacts | undefined, difference: number): void {
    for (const { key, name } of derivedOf(facts).flatMap(({ declares }) => declares)) {
      const names = getOrInsert(this.#declared, key, () => new Map<string, number>())
      const count = (names.get(name) ?? 0) + difference
      if (count > 0) names.set(name, count)
      else names.delete(name)
      this.#changedKeys.add(key)
    }
  }

  #ask(before: FileFacts | undefined, after: FileFacts | undefined, file: string): void {
    for (const { key } of derivedOf(before).flatMap(({ asks }) => asks))
      this.#asking.get(key)?.delete(file)
    for (const asked of derivedOf(after).flatMap(({ asks }) => asks)) {
      const files = getOrInsert(this.#asking, asked.key, () => new Map<string, Asked[]>())
      addToGroup(files, file, asked)
    }
  }
}

function derivedOf(facts: FileFacts | undefined) {
  return facts && facts.placement.chains.length > 0
    ? facts.documents.flatMap((document) => document.facts.derived ?? [])
    : []
}
