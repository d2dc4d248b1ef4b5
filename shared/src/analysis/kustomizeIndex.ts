import type { KustomizedFacts, NameLookup } from '../resources/documentFacts.js'
import type { FileFacts } from '../resources/fileFacts.js'
import { addToGroup, getOrInsert } from '../text/collections.js'

/**
 * The relations between files that kustomizations create: fields in other files, and names of
 * renamed objects.
 */
export class KustomizeIndex {
  /** File → the other files that contain fields of its objects. */
  readonly #foreignFiles = new Map<string, ReadonlySet<string>>()
  /** The reverse of `#foreignFiles`. */
  readonly #filesWithFieldsIn = new Map<string, Set<string>>()
  /** Key of a name → present name → number of objects. */
  readonly #names = new Map<string, Map<string, number>>()
  /** Key of a name → file → its lookups of that key. */
  readonly #lookups = new Map<string, Map<string, NameLookup[]>>()
  #changedKeys = new Set<string>()
  /** Foreign files of the files that were replaced since `withForeignFiles`. */
  #changedForeignFiles = new Set<string>()

  replace(before: FileFacts | undefined, after: FileFacts | undefined): void {
    const file = (after ?? before)?.file
    if (file === undefined) return
    this.#replaceForeignFiles(file, before?.foreignFiles ?? NONE, after?.foreignFiles ?? NONE)
    this.#countNames(before, -1)
    this.#countNames(after, 1)
    this.#replaceLookups(file, before, after)
  }

  /**
   * The present name of the object with a key; `expected` if several have it and one has this name,
   * else undefined.
   */
  currentName(key: string, expected: string): string | undefined {
    const names = this.#names.get(key)
    if (names?.has(expected) === true) return expected
    const [only, ...others] = names?.keys() ?? []
    return others.length === 0 ? only : undefined
  }

  /** The files with a lookup that has another result now. */
  filesWithOutdatedNames(): readonly string[] {
    const files = new Set<string>()
    for (const key of this.#changedKeys) {
      for (const [file, lookups] of this.#lookups.get(key) ?? [])
        if (lookups.some(({ expected, result }) => result !== this.currentName(key, expected)))
          files.add(file)
    }
    this.#changedKeys = new Set()
    return [...files]
  }

  /** The files with objects that have fields in `file`. */
  filesWithFieldsIn(file: string): Iterable<string> {
    return this.#filesWithFieldsIn.get(file) ?? NONE
  }

  /**
   * `files`, and every file that contains fields of their objects now or did so at the last call.
   */
  withForeignFiles(files: readonly string[]): ReadonlySet<string> {
    const result = new Set([...files, ...this.#changedForeignFiles])
    for (const file of files)
      for (const foreign of this.#foreignFiles.get(file) ?? NONE) result.add(foreign)
    this.#changedForeignFiles = new Set()
    return result
  }

  #replaceForeignFiles(
    file: string,
    before: ReadonlySet<string>,
    after: ReadonlySet<string>,
  ): void {
    for (const foreign of before) {
      this.#filesWithFieldsIn.get(foreign)?.delete(file)
      this.#changedForeignFiles.add(foreign)
    }
    for (const foreign of after) {
      getOrInsert(this.#filesWithFieldsIn, foreign, () => new Set<string>()).add(file)
      this.#changedForeignFiles.add(foreign)
    }
    if (after.size > 0) this.#foreignFiles.set(file, after)
    else this.#foreignFiles.delete(file)
  }

  #countNames(facts: FileFacts | undefined, difference: number): void {
    for (const { key, currentName } of kustomizedOf(facts).flatMap(({ names }) => names)) {
      const counts = getOrInsert(this.#names, key, () => new Map<string, number>())
      const count = (counts.get(currentName) ?? 0) + difference
      if (count > 0) counts.set(currentName, count)
      else counts.delete(currentName)
      this.#changedKeys.add(key)
    }
  }

  #replaceLookups(file: string, before: FileFacts | undefined, after: FileFacts | undefined): void {
    for (const { key } of kustomizedOf(before).flatMap(({ lookups }) => lookups))
      this.#lookups.get(key)?.delete(file)
    for (const lookup of kustomizedOf(after).flatMap(({ lookups }) => lookups)) {
      const files = getOrInsert(this.#lookups, lookup.key, () => new Map<string, NameLookup[]>())
      addToGroup(files, file, lookup)
    }
  }
}

const NONE: ReadonlySet<string> = new Set()

function kustomizedOf(facts: FileFacts | undefined): readonly KustomizedFacts[] {
  return facts && facts.context.kustomizationPaths.length > 0
    ? facts.documents.flatMap((document) => document.facts.kustomized ?? [])
    : []
}
