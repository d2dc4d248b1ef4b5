import type { FileFacts } from '../resources/readFile.js'

/** What files have to do with each other by the kustomizations that change their objects. */
export class DerivedFiles {
  readonly #foreign = new Map<string, ReadonlySet<string>>()
  readonly #drawing = new Map<string, Set<string>>()
  readonly #declared = new Map<string, number>()
  readonly #asking = new Map<string, Map<string, boolean>>()
  #changedKeys = new Set<string>()
  #touched = new Set<string>()

  replace(before: FileFacts | undefined, after: FileFacts | undefined): void {
    const file = (after ?? before)?.file
    if (file === undefined) return
    for (const foreign of before?.foreignFiles ?? []) this.#drawing.get(foreign)?.delete(file)
    for (const foreign of after?.foreignFiles ?? []) this.#drawing.set(foreign, (this.#drawing.get(foreign) ?? new Set<string>()).add(file))
    for (const foreign of [...(before?.foreignFiles ?? []), ...(after?.foreignFiles ?? [])]) this.#touched.add(foreign)
    if (after && after.foreignFiles.size > 0) this.#foreign.set(file, after.foreignFiles)
    else this.#foreign.delete(file)
    this.#count(before, -1)
    this.#count(after, 1)
    this.#ask(before, after, file)
  }

  isDeclared(key: string): boolean {
    return (this.#declared.get(key) ?? 0) > 0
  }

  /** The files that were read with an answer about a declaration that has come or gone since. */
  misled(): readonly string[] {
    const result = new Set<string>()
    for (const key of this.#changedKeys) for (const [file, answer] of this.#asking.get(key) ?? []) if (answer !== this.isDeclared(key)) result.add(file)
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
    for (const file of files) for (const foreign of this.#foreign.get(file) ?? []) result.add(foreign)
    this.#touched = new Set()
    return result
  }

  #count(facts: FileFacts | undefined, difference: number): void {
    for (const key of derivedOf(facts).flatMap(({ declares }) => declares)) {
      this.#declared.set(key, (this.#declared.get(key) ?? 0) + difference)
      this.#changedKeys.add(key)
    }
  }

  #ask(before: FileFacts | undefined, after: FileFacts | undefined, file: string): void {
    for (const { asks } of derivedOf(before)) for (const key of asks.keys()) this.#asking.get(key)?.delete(file)
    for (const [key, answer] of derivedOf(after).flatMap(({ asks }) => [...asks])) {
      this.#asking.set(key, (this.#asking.get(key) ?? new Map<string, boolean>()).set(file, answer))
    }
  }
}

function derivedOf(facts: FileFacts | undefined) {
  return facts && facts.placement.chains.length > 0 ? facts.documents.flatMap((document) => document.facts.derived ?? []) : []
}
