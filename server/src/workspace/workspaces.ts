import {
  isInside,
  isTestFile,
  type Analysis,
  type UpdateResult,
} from '@istio-ambient-policy/shared'
import { TookTooLong, WITHOUT_LIMIT, type RunWithinLimit } from '../deadline.js'
import { isBelow, isBelowOneOf } from './containedFile.js'
import { describeError } from '../log.js'
import { documentsOf, FolderLoader } from './folderLoader.js'
import { Scheduler } from './scheduler.js'
import { isOpenAndTooLarge, textWithinLimit } from './sizeLimit.js'
import type { WorkspaceFolder } from './workspaceFolder.js'
import type { WorkspacesOptions } from './workspacesOptions.js'

/**
 * All folders of the workspace, and all open files outside of them, each with its analyses. It knows which folder a
 * file belongs to. Analyses answer with the files that were read so far. Findings are published after a folder was
 * read.
 */
export class Workspaces {
  readonly scheduler: Scheduler
  readonly #options: WorkspacesOptions
  readonly #loaders = new Map<string, FolderLoader>()
  readonly #runWithinLimit: RunWithinLimit

  constructor(options: WorkspacesOptions) {
    this.#options = options
    const limit = options.runWithinLimit ?? WITHOUT_LIMIT
    this.#runWithinLimit = (work) => limit(work, documentsOf(this.#loaders.values()))
    this.scheduler = new Scheduler({
      urgent: () => options.sources.openFiles(),
      read: (file) => {
        this.scheduler.markDirty(this.#affectedBy(file, this.#update(file)))
      },
      allRead: () => this.#updateMeshRoots(),
      check: (file) => this.#check(file),
      publish: (file) => this.#publish(file),
      failed: (file, error) => {
        options.log.error(`${file}: ${describeError(error)}`)
      },
      tookTooLong: (file) => {
        this.#leaveOut(file)
      },
      runWithinLimit: this.#runWithinLimit,
    })
  }

  get folders(): readonly WorkspaceFolder[] {
    return [...this.#loaders.values()].map(({ folder }) => folder)
  }

  /** The innermost folder that a file belongs to. */
  folderOf(file: string): WorkspaceFolder | undefined {
    let innermost: WorkspaceFolder | undefined
    for (const { folder } of this.#loaders.values()) {
      if (isInside(file, folder.folder) && folder.folder.length >= (innermost?.folder.length ?? 0))
        innermost = folder
    }
    return innermost?.includes(file) === true ? innermost : undefined
  }

  /** The analyses of the meshes of a file; empty if it belongs to no folder. */
  analysesOf(file: string): readonly Analysis[] {
    return this.folderOf(file)?.analysesOf(file) ?? []
  }

  /** Adds a folder, or a single file. Resolves after it was read, or removed. */
  add(path: string): Promise<void> {
    const loader: FolderLoader = new FolderLoader(path, {
      ...this.#options,
      runWithinLimit: this.#runWithinLimit,
      folderOf: (file) => this.folderOf(file),
      onTookTooLong: (file) => {
        if (file === undefined) void loader.leaveOut(undefined)
        else this.#leaveOut(file)
      },
      onNewSettings: (folder) => {
        this.#moveOpenFiles(folder)
        for (const file of this.#options.sources.openFiles()) this.#publishSaved(file)
      },
      onFailed: (folder) => {
        if (folder.ready) return
        for (const file of this.#publishedIn(folder.folder))
          this.#options.diagnostics.publish(file, [])
      },
      onRead: (folder) => {
        this.#markAllDirty(folder)
      },
      onLoaded: () => {
        this.#options.onFolderLoaded()
      },
    })
    this.#loaders.set(path, loader)
    for (const other of this.folders) if (other !== loader.folder) this.#moveFiles(other, path)
    return loader.reload()
  }

  remove(path: string): void {
    const loader = this.#loaders.get(path)
    if (!loader) return
    loader.stop()
    this.#loaders.delete(path)
    // While the folder is read, it does not have all files with findings.
    this.scheduler.markUnread([...loader.folder.files(), ...this.#publishedIn(path)])
    this.scheduler.release()
    this.#options.onFolderLoaded()
  }

  /** Loads the settings of all folders again, and reads the folders whose settings influence findings. */
  async reloadSettings(): Promise<void> {
    await Promise.all([...this.#loaders.values()].map((loader) => loader.reload()))
  }

  /** The same for settings that are being edited: after a pause without a keystroke. */
  reloadSettingsSoon(): void {
    for (const loader of this.#loaders.values()) void loader.reloadSoon()
  }

  /** Analyses an edited file and publishes its findings at once. The other affected files follow later. */
  edit(file: string): UpdateResult {
    try {
      return this.runWithinLimit(file, () => {
        const result = this.#update(file)
        this.scheduler.markDirty(this.#affectedBy(file, result).filter((other) => other !== file))
        this.scheduler.publishNow(file)
        this.#publishSaved(file)
        return result
      })
    } catch (error) {
      if (!(error instanceof TookTooLong)) throw error
      return { files: new Set([file]), parsed: 0 }
    }
  }

  /** Runs work. If it does not end within the limit, its file is left out. Throws `TookTooLong` then. */
  runWithinLimit<T>(file: string | undefined, work: () => T): T {
    try {
      return this.#runWithinLimit(work)
    } catch (error) {
      if (error instanceof TookTooLong) this.#leaveOut(error.isBusy ? undefined : file)
      throw error
    }
  }

  /** An editor has closed a file: the text on disk counts again. */
  close(file: string): void {
    if (this.#loaders.has(file)) this.remove(file)
    else this.diskChanged([file])
  }

  /** Files on disk were changed, created or deleted. A deleted path can be a folder. */
  diskChanged(paths: readonly string[]): void {
    const changed = new Set(paths)
    const below = this.folders
      .flatMap((folder) => folder.files())
      .filter((file) => isBelowOneOf(file, changed))
    const files = [...new Set([...changed, ...below])]
    for (const file of files) this.folderOf(file)?.invalidateMeshRoots()
    this.scheduler.markUnread(files.filter((file) => this.#loaderOf(file)?.tryAgain(file)))
    this.scheduler.markUnread(
      files.filter(
        (file) => !this.#options.sources.isOpen(file) && this.folderOf(file) !== undefined,
      ),
    )
  }

  /** Resolves when the folder of a file is read, or cannot be read. */
  whenRead(file: string): Promise<void> {
    return this.#loaderOf(file)?.whenRead() ?? Promise.resolve()
  }

  /** Resolves when all folders are read and all findings are published. */
  async idle(): Promise<void> {
    for (let loads: readonly Promise<void>[] = []; ;) {
      const current = [...this.#loaders.values()].map(({ loaded }) => loaded)
      if (current.length === loads.length && current.every((load, index) => load === loads[index]))
        return
      loads = current
      await Promise.all(loads)
      await this.scheduler.idle()
    }
  }

  dispose(): void {
    for (const loader of this.#loaders.values()) loader.stop()
    this.#loaders.clear()
    this.scheduler.dispose()
  }

  /** Files in a new inner folder leave the outer folder. */
  #moveFiles(outer: WorkspaceFolder, inner: string): void {
    if (isInside(outer.folder, inner)) {
      // The outer folder is a single file that was opened before its folder was added.
      if (this.#options.sources.isOpen(outer.folder)) this.remove(outer.folder)
      return
    }
    const moved = outer.files().filter((file) => isInside(file, inner))
    this.scheduler.markDirty(outer.update(moved.map((file) => ({ file, text: undefined }))).files)
  }

  /** An open file that the new settings exclude is analysed alone. Another file joins the folder. */
  #moveOpenFiles(folder: WorkspaceFolder): void {
    for (const file of this.#options.sources.openFiles()) {
      if (!isBelow(file, folder.folder)) continue
      const around = this.folderOf(file)
      if (!around && !isTestFile(file)) void this.add(file)
      else if (around?.folder === file && folder.includes(file)) this.remove(file)
    }
  }

  #loaderOf(file: string): FolderLoader | undefined {
    const folder = this.folderOf(file)
    return folder && this.#loaders.get(folder.folder)
  }

  /** Reads the folder of a file again without the file. Without a file, all folders are read again. */
  #leaveOut(file: string | undefined): void {
    if (file === undefined) {
      for (const loader of this.#loaders.values()) void loader.leaveOut(undefined)
      return
    }
    const message = 'is left out: its evaluation did not end. Change and save it to try again.'
    this.#options.log.error(`${file} ${message}`)
    this.#options.onLeftOut?.(file, message)
    void this.#loaderOf(file)?.leaveOut(file)
  }

  #markAllDirty(folder: WorkspaceFolder): void {
    const { sources } = this.#options
    this.scheduler.markDirty([
      ...folder.files(),
      ...(this.#loaders.get(folder.folder)?.leftOutFiles() ?? []),
      ...sources.openFiles().filter((file) => this.folderOf(file) === folder),
      ...this.#publishedIn(folder.folder),
    ])
  }

  #publishedIn(folder: string): string[] {
    return [...this.#options.diagnostics.files()].filter((file) => isInside(file, folder))
  }

  /** Nothing is published before the settings are known. */
  #publishSaved(file: string): void {
    const loader = this.#loaderOf(file)
    if (loader?.hasSettings !== true || loader.folder.ready || loader.isLeftOut(file)) return
    this.#options.diagnostics.publishSaved?.(loader.folder, file)
  }

  /** Assigns the files of all folders to meshes again. Returns the files whose findings can change. */
  #updateMeshRoots(): string[] {
    return this.folders.flatMap((folder) => {
      try {
        return folder.ready ? [...folder.updateMeshRoots()] : []
      } catch (error) {
        this.#options.log.error(`${folder.folder}: ${describeError(error)}`)
        return []
      }
    })
  }

  #update(file: string): UpdateResult {
    const { sources } = this.#options
    const open = sources.isOpen(file)
    if (sources.openFiles().some((other) => other !== file)) this.#options.onMeshChanged()
    const folder = this.folderOf(file)
    if (folder) {
      const text = this.#loaderOf(file)?.isLeftOut(file)
        ? undefined
        : textWithinLimit(sources, file, folder.settings)
      return folder.update([{ file, text, open }])
    }
    if (open && !isTestFile(file)) void this.add(file)
    return { files: new Set([file]), parsed: 0 }
  }

  /** The files to publish after a change of a file: their findings can change, or the places that they point to. */
  #affectedBy(file: string, { files }: UpdateResult): string[] {
    return [...files, ...this.#options.diagnostics.pointingInto(file)]
  }

  *#check(file: string): Generator<void> {
    const folder = this.folderOf(file)
    if (folder?.ready === true)
      for (const analysis of folder.analysesOf(file)) yield* analysis.checkInSteps(file)
  }

  #publish(file: string): boolean {
    const { diagnostics, sources } = this.#options
    const folder = this.folderOf(file)
    if (folder?.ready === false) return false
    const unread = this.#loaderOf(file)?.isLeftOut(file)
      ? 'This file is left out: its evaluation did not end. Change and save it to try again.'
      : folder && isOpenAndTooLarge(sources, file, folder.settings)
        ? `This file is not read: it is larger than ${folder.settings.maxFileSize} MB (setting maxFileSize).`
        : undefined
    diagnostics.publish(file, folder?.analysesOf(file) ?? [], unread)
    return true
  }
}
