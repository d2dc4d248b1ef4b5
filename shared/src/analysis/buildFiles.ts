import { BuildContexts, type BuildContext } from '../resources/buildContext.js'
import { readChart } from '../resources/chart.js'
import type { BuildFile } from '../resources/fileFacts.js'
import { isBuildFile } from '../resources/buildFileNames.js'
import { readKustomization, type NotApplied } from '../resources/kustomization.js'
import { readExpectedFiles } from '../resources/testSteps.js'
import type { ResolvedDelivery } from '../resources/delivery.js'
import { compareText } from '../text/compareText.js'
import { isEqual } from '../text/isEqual.js'
import { wholeOf, type FileText } from '../yaml/splitText.js'
import type { ReadBuildFile, SharedFiles } from './sharedFiles.js'

export interface BuildFilesOptions {
  /** The files are the whole mesh. */
  readonly closed: boolean
  /** The present text of a file of the mesh. */
  readText(file: string): FileText | undefined
  /** What other meshes have read, see `AnalysisOptions.sharedFiles`. */
  readonly sharedFiles?: SharedFiles | undefined
}

/**
 * The build files of a mesh: kustomizations with their patch files, charts, and the steps of tests. They decide how
 * the other files are read.
 */
export class BuildFiles {
  readonly #options: BuildFilesOptions
  readonly #files = new Map<string, ReadBuildFile>()
  readonly #patchTexts = new Map<string, string>()
  #deliveries: readonly ResolvedDelivery[] = []
  #contexts: BuildContexts

  constructor(options: BuildFilesOptions) {
    this.#options = options
    this.#contexts = this.#newContexts(undefined)
  }

  contextOf(file: string): BuildContext {
    return this.#contexts.of(file)
  }

  /** By kustomization file. */
  get notApplied(): ReadonlyMap<string, readonly NotApplied[]> {
    return this.#contexts.kustomizationPaths.notApplied
  }

  /** The content of a kustomization or chart file; undefined for other files. */
  get(file: string): BuildFile | undefined {
    return this.#files.get(file)
  }

  /** The text of a kustomization or patch file as it was read. */
  textOf(file: string): string | undefined {
    return this.#files.get(file)?.text ?? this.#patchTexts.get(file)
  }

  /**
   * Reads the build files among the changes. Returns whether build contexts may be different now.
   */
  update(
    changes: readonly { readonly file: string; readonly text: FileText | undefined }[],
  ): boolean {
    let mayDiffer = false
    for (const { file, text } of changes) {
      if (isBuildFile(file)) {
        this.#readBuildFile(file, text)
        mayDiffer = true
      } else if (this.#contexts.patchFiles.has(file)) {
        mayDiffer = this.#readPatchFile(file, text) || mayDiffer
      }
    }
    if (mayDiffer) {
      this.#readNewPatchFiles(new Map(changes.map(({ file, text }) => [file, text])))
      this.updateContexts()
    }
    return mayDiffer
  }

  /** Takes the folders that Flux and Argo CD apply. Returns whether contexts may be different now. */
  deliver(deliveries: readonly ResolvedDelivery[]): boolean {
    if (isEqual(deliveries, this.#deliveries)) return false
    this.#deliveries = deliveries
    this.updateContexts()
    return true
  }

  updateContexts(): void {
    this.#contexts = this.#newContexts(this.#contexts)
  }

  #readBuildFile(file: string, given: FileText | undefined): void {
    if (given === undefined) {
      this.#files.delete(file)
      return
    }
    const text = wholeOf(given)
    const read = (): ReadBuildFile => ({
      text,
      kustomization: readKustomization(file, text),
      chart: readChart(file, text),
      expectedFiles: readExpectedFiles(file, text),
    })
    const { sharedFiles } = this.#options
    this.#files.set(file, sharedFiles ? sharedFiles.buildFile(file, text, read) : read())
  }

  /** Returns whether the text is different. */
  #readPatchFile(file: string, given: FileText | undefined): boolean {
    const text = given === undefined ? undefined : wholeOf(given)
    if (text === this.#patchTexts.get(file)) return false
    if (text === undefined) this.#patchTexts.delete(file)
    else this.#patchTexts.set(file, text)
    return true
  }

  /** Reads the files that kustomizations name as patches now, and drops the others. */
  #readNewPatchFiles(changed: ReadonlyMap<string, FileText | undefined>): void {
    const named = new Set(
      [...this.#files.values()].flatMap(
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

  #newContexts(previous: BuildContexts | undefined): BuildContexts {
    // Sorted, so that the result does not depend on which file was read first.
    const files = [...this.#files].sort(([a], [b]) => compareText(a, b)).map(([, file]) => file)
    return new BuildContexts(
      {
        kustomizations: files.flatMap(({ kustomization }) => kustomization ?? []),
        charts: files.flatMap(({ chart }) => chart ?? []),
        expectedFiles: files.flatMap(({ expectedFiles }) => expectedFiles ?? []),
        textOf: (file) => this.#patchTexts.get(file),
        deliveries: this.#deliveries,
      },
      { closed: this.#options.closed, previous },
    )
  }
}
