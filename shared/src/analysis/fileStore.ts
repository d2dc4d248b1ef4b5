import { originalsOf } from './originals.js'
import type { SharedFiles } from './sharedFiles.js'
import type { InventoryChange } from '../inventory/inventory.js'
import { isSameBuildContext, type BuildContext } from '../resources/buildContext.js'
import { foldersOf, resolveDeliveries, type Delivery } from '../resources/delivery.js'
import { isOpenInEditor, type FileFacts } from '../resources/fileFacts.js'
import type { NotApplied } from '../resources/kustomization.js'
import { Outlines } from '../resources/outline.js'
import { readFile } from '../resources/readFile.js'
import { compareText } from '../text/compareText.js'
import { isEqual } from '../text/isEqual.js'
import type { FileText } from '../yaml/splitText.js'
import { BuildFiles } from './buildFiles.js'
import { InventoryChangeCollector } from './inventoryChange.js'
import { KustomizeIndex } from './kustomizeIndex.js'
import { StringPool } from './stringPool.js'

/** A new text of a file; undefined if the file no longer exists. */
export interface FileChange {
  readonly file: string
  readonly text: FileText | undefined
  /**
   * The file is open in an editor: the texts of its documents are kept, so that an edit reads only
   * one document again.
   */
  readonly open?: boolean
}

export interface FileStoreOptions {
  /** The files are the whole mesh. */
  readonly closed: boolean
  /** The present text of a file. */
  readText(file: string): FileText | undefined
  /** See `AnalysisOptions.namespaceOf`. */
  namespaceOf?(file: string): string | undefined
  /** Files are still being added, see `AnalysisOptions.loading`. */
  readonly loading: boolean
  /** What other meshes have read, see `AnalysisOptions.sharedFiles`. */
  readonly sharedFiles?: SharedFiles | undefined
}

/** What one update of the store changed. */
export interface StoreUpdate {
  readonly inventoryChange: InventoryChange
  /** Files that were read or removed. */
  readonly files: readonly string[]
  /** Files that no longer exist. */
  readonly removed: readonly string[]
  /** The number of documents that were read. */
  readonly parsed: number
}

/** The contents of all files of one mesh, and how build files change them. */
export class FileStore {
  readonly #options: FileStoreOptions
  readonly #files = new Map<string, FileFacts>()
  readonly #strings = new StringPool()
  readonly #outlines = new Outlines()
  readonly #kustomize = new KustomizeIndex()
  readonly #buildFiles: BuildFiles
  /** By file of the delivering objects. */
  readonly #deliveries = new Map<string, readonly Delivery[]>()
  #isLoading: boolean

  constructor(options: FileStoreOptions) {
    this.#options = options
    this.#isLoading = options.loading
    this.#buildFiles = new BuildFiles({
      closed: options.closed,
      sharedFiles: options.sharedFiles,
      readText: (file) => (this.#files.has(file) ? options.readText(file) : undefined),
    })
  }

  get files(): ReadonlyMap<string, FileFacts> {
    return this.#files
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  /** By kustomization file. */
  get notApplied(): ReadonlyMap<string, readonly NotApplied[]> {
    return this.#buildFiles.notApplied
  }

  /** The text of a kustomization or patch file as it was read. */
  buildFileText(file: string): string | undefined {
    return this.#buildFiles.textOf(file)
  }

  /** The files with objects that have fields in `file`, which is a kustomization or patch file. */
  filesWithFieldsIn(file: string): Iterable<string> {
    return this.#kustomize.filesWithFieldsIn(file)
  }

  /**
   * `files`, and every file that contains fields of their objects now or did so before the last
   * update.
   */
  withForeignFiles(files: readonly string[]): ReadonlySet<string> {
    return this.#kustomize.withForeignFiles(files)
  }

  /** Stores new texts. Build files are read first, in any order of the changes. */
  update(changes: readonly FileChange[]): StoreUpdate {
    const contextsMayDiffer = this.#buildFiles.update(changes)
    return this.#read(changes, contextsMayDiffer && !this.#isLoading)
  }

  /** How an update with these texts would change the inventory. The store is the same afterwards. */
  preview(changes: readonly FileChange[]): InventoryChange {
    const known = new Map(this.#files)
    const { inventoryChange, files } = this.update(
      changes.map((change) => ({ ...change, open: this.#isOpen(change.file) })),
    )
    for (const file of files) {
      const before = known.get(file)
      this.#kustomize.replace(this.#files.get(file), before)
      if (before) this.#files.set(file, before)
      else this.#files.delete(file)
      this.#replaceDeliveries(file, before)
    }
    const contextsDiffer = this.#buildFiles.update(
      changes.map(({ file }) => ({ file, text: this.#options.readText(file) })),
    )
    if (contextsDiffer) this.#updateDeliveries()
    return inventoryChange
  }

  /** All files have been added: reads those again that kustomizations build several times. */
  finishLoading(): StoreUpdate {
    this.#isLoading = false
    this.#buildFiles.updateContexts()
    return this.#read([], true)
  }

  /**
   * Reads files, then reads those again whose build context or whose references to renamed objects
   * are different now.
   */
  #read(changes: readonly FileChange[], contextsMayDiffer: boolean): StoreUpdate {
    const collector = new InventoryChangeCollector()
    const files = new Set<string>()
    const removed: string[] = []
    let parsed = 0
    const mayDiffer = { folders: false, deliveries: false }
    const read = (change: FileChange): void => {
      const before = this.#files.get(change.file)
      const after = this.#readOne(change)
      parsed += after?.parsed ?? 0
      collector.replaceFile(before, after)
      this.#kustomize.replace(before, after)
      files.add(change.file)
      if (!after) removed.push(change.file)
      if (!before !== !after) mayDiffer.folders = true
      if (this.#replaceDeliveries(change.file, after)) mayDiffer.deliveries = true
    }
    const readAgain = (outdated: readonly string[]): void => {
      for (const file of outdated) {
        const change = { file, text: this.#options.readText(file), open: this.#isOpen(file) }
        read(this.#options.sharedFiles?.again(change) ?? change)
      }
    }
    for (const change of changes) read(change)
    const deliveriesMayDiffer =
      mayDiffer.deliveries || (mayDiffer.folders && this.#deliveries.size > 0)
    const delivered =
      !this.#isLoading && (contextsMayDiffer || deliveriesMayDiffer) && this.#updateDeliveries()
    if (delivered) readAgain(this.#withOtherContext())
    else if (contextsMayDiffer)
      readAgain(this.#withOtherContext().filter((file) => !files.has(file)))
    readAgain(this.#kustomize.filesWithOutdatedNames())
    return { inventoryChange: collector.result(), files: [...files], removed, parsed }
  }

  /** Returns whether the file delivers other folders now. */
  #replaceDeliveries(file: string, facts: FileFacts | undefined): boolean {
    const before = this.#deliveries.get(file) ?? []
    const after = facts ? deliveriesIn(facts) : []
    if (after.length > 0) this.#deliveries.set(file, after)
    else this.#deliveries.delete(file)
    return !isEqual(before, after)
  }

  /** Returns whether build contexts may be different now. */
  #updateDeliveries(): boolean {
    return this.#buildFiles.deliver(
      this.#deliveries.size === 0
        ? []
        : resolveDeliveries(
            new Map([...this.#deliveries].sort(([a], [b]) => compareText(a, b))),
            foldersOf(this.#files.keys()),
          ),
    )
  }

  /** Reads one file. Undefined if it no longer exists. */
  #readOne(change: FileChange): FileFacts | undefined {
    const { file, text, open = false } = change
    if (text === undefined) {
      this.#files.delete(file)
      return undefined
    }
    const context = this.#contextOf(file)
    const before = this.#files.get(file)
    const buildFile = this.#buildFiles.get(file)
    const currentName = (key: string, expected: string): string | undefined =>
      this.#kustomize.currentName(key, expected)
    const { sharedFiles } = this.#options
    const shared = sharedFiles?.find(change, { context, buildFile, before, currentName })
    if (shared) {
      this.#files.set(file, shared)
      return shared
    }
    const reusable =
      before && isSameBuildContext(before.context, context, originalsOf(before))
        ? before
        : undefined
    const facts = readFile(
      file,
      text,
      {
        context,
        keepText: open,
        nextSerial: before?.nextSerial ?? 0,
        intern: (string) => this.#strings.intern(string),
        currentName,
        outlines: this.#outlines,
        buildFile,
      },
      reusable,
    )
    this.#files.set(file, facts)
    sharedFiles?.add(change, facts, before)
    return facts
  }

  /**
   * While files are being added, a file with several kustomization paths is read as it is: more
   * paths may follow.
   */
  #contextOf(file: string): BuildContext {
    const namespace = this.#options.namespaceOf?.(file)
    const built = this.#buildFiles.contextOf(file)
    const context: BuildContext =
      namespace === undefined
        ? built
        : { ...built, defaultNamespace: { namespace, source: 'kustomization' } }
    return this.#isLoading && context.kustomizationPaths.length > 1
      ? { ...context, kustomizationPaths: [] }
      : context
  }

  /** Files that were read with another build context than they have now. */
  #withOtherContext(): string[] {
    return [...this.#files.values()]
      .filter(
        (facts) =>
          !isSameBuildContext(facts.context, this.#contextOf(facts.file), originalsOf(facts)),
      )
      .map(({ file }) => file)
  }

  #isOpen(file: string): boolean {
    return this.#files.get(file)?.documents.some(isOpenInEditor) ?? false
  }
}

function deliveriesIn({ documents }: FileFacts): readonly Delivery[] {
  return documents.flatMap(({ facts }) =>
    facts.resources.flatMap((resource) =>
      resource.type === 'Other' ? (resource.deliveries ?? []) : [],
    ),
  )
}
