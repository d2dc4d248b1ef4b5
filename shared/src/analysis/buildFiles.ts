import { readChart } from '../resources/chart.js'
import { isBuildFile, readKustomization } from '../resources/kustomization.js'
import { Placements, type FilePlacement } from '../resources/placement.js'
import type { FileFacts } from '../resources/readFile.js'
import { wholeOf, type FileText } from '../yaml/splitText.js'

export interface BuildFilesOptions {
  /** The files are the whole mesh. */
  readonly closed: boolean
  /** The present text of a file of the mesh. */
  readText(file: string): FileText | undefined
}

type ContextFacts = Pick<FileFacts, 'kustomization' | 'chart'> & { readonly text: string }

/** The files of a mesh that say how others are read: kustomizations with their patches, and charts. */
export class BuildFiles {
  readonly #options: BuildFilesOptions
  readonly #facts = new Map<string, ContextFacts>()
  readonly #patchTexts = new Map<string, string>()
  #placements: Placements

  constructor(options: BuildFilesOptions) {
    this.#options = options
    this.#placements = this.#placementsAfter(undefined)
  }

  placementOf(file: string): FilePlacement {
    return this.#placements.of(file)
  }

  /** What is not applied of the kustomizations, by their file. */
  get notApplied(): ReadonlyMap<string, readonly string[]> {
    return this.#placements.chains.notApplied
  }

  /** What a file says of others; undefined where it says nothing. */
  metadataOf(file: string): Pick<FileFacts, 'kustomization' | 'chart'> | undefined {
    return this.#facts.get(file)
  }

  /** The text of a kustomization or patch as it was read. */
  textOf(file: string): string | undefined {
    return this.#facts.get(file)?.text ?? this.#patchTexts.get(file)
  }

  /** Takes in what changes say of other files. Returns whether they say something else than before. */
  take(
    changes: readonly { readonly file: string; readonly text: FileText | undefined }[],
  ): boolean {
    let moved = false
    for (const { file, text: given } of changes) {
      if (!isBuildFile(file) && !this.#placements.patches.has(file)) continue
      const text = given === undefined ? undefined : wholeOf(given)
      if (isBuildFile(file)) {
        if (text === undefined) this.#facts.delete(file)
        else
          this.#facts.set(file, {
            text,
            kustomization: readKustomization(file, text),
            chart: readChart(file, text),
          })
        moved = true
      } else if (text !== this.#patchTexts.get(file)) {
        if (text === undefined) this.#patchTexts.delete(file)
        else this.#patchTexts.set(file, text)
        moved = true
      }
    }
    if (moved) {
      this.#takePatches(new Map(changes.map(({ file, text }) => [file, text])))
      this.refresh()
    }
    return moved
  }

  /** Works out anew what the files say of others. */
  refresh(): void {
    this.#placements = this.#placementsAfter(this.#placements)
  }

  /** Texts of the files that are named as patches now, as far as they are files of this mesh. */
  #takePatches(changed: ReadonlyMap<string, FileText | undefined>): void {
    const named = new Set(
      [...this.#facts.values()].flatMap(
        ({ kustomization }) => kustomization?.patches.flatMap(({ file }) => file ?? []) ?? [],
      ),
    )
    for (const file of this.#patchTexts.keys()) if (!named.has(file)) this.#patchTexts.delete(file)
    for (const file of named) {
      if (this.#patchTexts.has(file)) continue
      const text = changed.has(file) ? changed.get(file) : this.#options.readText(file)
      if (text !== undefined) this.#patchTexts.set(file, wholeOf(text))
    }
  }

  #placementsAfter(previous: Placements | undefined): Placements {
    // In an order that does not depend on which was read first.
    const context = [...this.#facts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, facts]) => facts)
    return new Placements(
      {
        kustomizations: context.flatMap(({ kustomization }) => kustomization ?? []),
        charts: context.flatMap(({ chart }) => chart ?? []),
        textOf: (file) => this.#patchTexts.get(file),
      },
      { closed: this.#options.closed, previous },
    )
  }
}
