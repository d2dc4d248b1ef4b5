import { getOrInsert } from '../../text/collections.js'
import type { KustomizationPath } from './applyKustomizations.js'

/** The paths of one file, each once. */
export class PathSet {
  readonly list: KustomizationPath[] = []
  readonly #lengths = new Map<number, KustomizationPath[]>()

  add(path: KustomizationPath): void {
    const known = getOrInsert(this.#lengths, path.length, () => [])
    if (known.some((other) => isSamePath(other, path))) return
    known.push(path)
    this.list.push(path)
  }
}

function isSamePath(a: KustomizationPath, b: KustomizationPath): boolean {
  // From the outside: the kustomizations that include a file on several paths differ there.
  return a.every((_, index) => a.at(-1 - index) === b.at(-1 - index))
}
