import {
  DEFAULT_SETTINGS,
  isInside,
  type Analysis,
  type FileText,
  type Settings,
  type UpdateResult,
} from '@istio-ambient-policy/shared'
import { describeError, type Log } from '../log.js'
import type { Files } from '../files.js'
import type { Host } from '../host.js'
import { isRead, maxBytes, readFolder } from './readFolder.js'
import type { ScanProblem } from './scanStep.js'
import { Scheduler } from './scheduler.js'
import type { Sources } from './sources.js'
import { WorkspaceFolder } from './workspaceFolder.js'

/** Told while a folder is read. */
export interface ReadingProgress {
  readonly report: (filesRead: number) => void
  readonly end: (problems: readonly ScanProblem[]) => void
}

/** What the workspaces need of the world. */
export interface WorkspacesOptions {
  readonly files: Pick<Files, 'has' | 'load'> & Host
  readonly sources: Sources
  readonly log: Log
  /** The settings of a folder, or of a file outside all folders. */
  loadSettings(folder: string): Promise<Settings>
  beginReading(folder: string): ReadingProgress
  /** Says what is known of a file; it has no analysis where it belongs to no folder any more. `unread`: why it is not read, though it is open. */
  publish(file: string, analyses: readonly Analysis[], unread?: string): void
  /** Files about which something was said. */
  published(): Iterable<string>
  /** Files about which something was said that points into this file. */
  pointingInto(file: string): Iterable<string>
  /** A folder was read, or its settings have changed. */
  loaded(): void
  /** The meaning of an open file may have changed by what happened to another. */
  changed(): void
}

interface Entry {
  folder: WorkspaceFolder
  /** Ends what the folder is being read for. */
  reading: AbortController
  /** Resolves when that has come to its end. */
  loaded: Promise<void>
}

/**
 * All folders that the editor shows, and every open file outside of them, each with its analyses: the one place that knows which file belongs where.
 * Analyses answer from what was read so far; only what is published waits until a folder is read.
 */
export class Workspaces {
  readonly scheduler: Scheduler
  readonly #options: WorkspacesOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: WorkspacesOptions) {
    this.#options = options
    this.scheduler = new Scheduler({
      urgent: () => options.sources.openFiles(),
      read: (file) => {
        this.scheduler.markDirty(this.#concernedBy(file, this.#takeIn(file)))
      },
      allRead: () => this.#settle(),
      judge: (file) => this.#judge(file),
      publish: (file) => this.#publish(file),
      failed: (file, error) => {
        options.log.error(`${file}: ${describeError(error)}`)
      },
    })
  }

  get folders(): readonly WorkspaceFolder[] {
    return [...this.#entries.values()].map(({ folder }) => folder)
  }

  /** The innermost folder that a file belongs to. */
  folderOf(file: string): WorkspaceFolder | undefined {
    let innermost: WorkspaceFolder | undefined
    for (const { folder } of this.#entries.values()) {
      if (isInside(file, folder.folder) && folder.folder.length >= (innermost?.folder.length ?? 0))
        innermost = folder
    }
    return innermost?.includes(file) === true ? innermost : undefined
  }

  /** The analyses of the meshes that a file belongs to; none where it belongs to no folder. */
  analysesOf(file: string): readonly Analysis[] {
    return this.folderOf(file)?.analysesOf(file) ?? []
  }

  /** Adds a folder, or a single file. Resolves when it was read, or something else took its place. */
  add(folder: string): Promise<void> {
    const entry: Entry = {
      folder: this.#create(folder, DEFAULT_SETTINGS),
      reading: new AbortController(),
      loaded: Promise.resolve(),
    }
    this.#entries.set(folder, entry)
    for (const other of this.folders) if (other !== entry.folder) this.#handOver(other, folder)
    return this.#reload(entry)
  }

  remove(folder: string): void {
    const entry = this.#entries.get(folder)
    if (!entry) return
    entry.reading.abort()
    this.#entries.delete(folder)
    this.scheduler.markUnread(entry.folder.files())
    this.scheduler.release()
  }

  /** Asks for the settings of every folder again and reads anew where they differ. */
  async reloadSettings(): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => this.#reload(entry)))
  }

  /** Takes in a keystroke: says at once what it means for this file; what depends on it follows. */
  edit(file: string): UpdateResult {
    const result = this.#takeIn(file)
    this.scheduler.markDirty(this.#concernedBy(file, result).filter((other) => other !== file))
    this.scheduler.publishNow(file)
    return result
  }

  /** An editor has closed a file: what is on disk counts again. */
  close(file: string): void {
    if (this.#entries.has(file)) this.remove(file)
    else this.diskChanged([file])
  }

  /** Something happened to files on disk. A path that was deleted may have been a folder. */
  diskChanged(paths: readonly string[]): void {
    const files = paths.flatMap((path) => [
      path,
      ...this.folders.flatMap((folder) =>
        folder.files().filter((file) => file !== path && isInside(file, path)),
      ),
    ])
    for (const file of files) this.folderOf(file)?.unsettle()
    this.scheduler.markUnread(
      files.filter(
        (file) => !this.#options.sources.isOpen(file) && this.folderOf(file) !== undefined,
      ),
    )
  }

  /** Resolves when every folder is read and everything that is known is published. */
  async settled(): Promise<void> {
    for (let loads: readonly Promise<void>[] = []; ;) {
      const now = [...this.#entries.values()].map(({ loaded }) => loaded)
      if (now.length === loads.length && now.every((load, index) => load === loads[index])) return
      loads = now
      await Promise.all(loads)
      await this.scheduler.idle()
    }
  }

  dispose(): void {
    for (const { reading } of this.#entries.values()) reading.abort()
    this.#entries.clear()
    this.scheduler.dispose()
  }

  #create(folder: string, settings: Settings): WorkspaceFolder {
    return new WorkspaceFolder(folder, {
      settings,
      readText: (file) => this.#text(file, settings),
      isRead: isRead(folder, settings),
    })
  }

  /** Files that lie in a folder of their own now leave the one around it. */
  #handOver(outer: WorkspaceFolder, inner: string): void {
    if (isInside(outer.folder, inner)) {
      // The outer one is a single file that was open before its folder was.
      if (this.#options.sources.isOpen(outer.folder)) this.remove(outer.folder)
      return
    }
    const moved = outer.files().filter((file) => isInside(file, inner))
    this.scheduler.markDirty(outer.update(moved.map((file) => ({ file, text: undefined }))).files)
  }

  #reload(entry: Entry): Promise<void> {
    entry.loaded = this.#load(entry).catch((error: unknown) => {
      this.#options.log.error(`${entry.folder.folder} could not be read: ${describeError(error)}`)
    })
    return entry.loaded
  }

  async #load(entry: Entry): Promise<void> {
    entry.reading.abort()
    const reading = new AbortController()
    entry.reading = reading
    const { folder } = entry.folder
    const settings = await this.#options.loadSettings(folder)
    if (reading.signal.aborted) return
    if (entry.folder.ready && judgingKey(settings) === judgingKey(entry.folder.settings)) {
      entry.folder.settings = settings
    } else {
      entry.folder = this.#create(folder, settings)
      this.#claimOpenFiles(entry.folder)
      await this.#read(entry.folder, reading.signal)
    }
    if (entry.reading === reading) this.#options.loaded()
  }

  /** With other settings a folder leaves out other files. One that is open is judged on its own then, and in the folder where it is left out no longer. */
  #claimOpenFiles(folder: WorkspaceFolder): void {
    for (const file of this.#options.sources.openFiles()) {
      if (file === folder.folder || !isInside(file, folder.folder)) continue
      if (!folder.includes(file)) {
        if (!this.folderOf(file)) void this.add(file)
      } else if (this.folderOf(file)?.folder === file) {
        this.remove(file)
      }
    }
  }

  async #read(folder: WorkspaceFolder, signal: AbortSignal): Promise<void> {
    const { sources, files } = this.#options
    const mine = (file: string): boolean => this.folderOf(file) === folder
    folder.update(
      sources
        .openFiles()
        .filter(mine)
        .map((file) => ({ file, text: this.#text(file, folder.settings), open: true })),
    )
    if (files.has(folder.folder) && !sources.isOpen(folder.folder)) {
      const progress = this.#options.beginReading(folder.folder)
      const problems: ScanProblem[] = []
      try {
        let read = 0
        await files.load(folder.folder, folder.settings, signal)
        for await (const slice of readFolder(folder.folder, {
          host: files,
          settings: folder.settings,
          signal,
        })) {
          if (signal.aborted) return
          folder.update(slice.files.filter(({ file }) => !sources.isOpen(file) && mine(file)))
          problems.push(...slice.problems)
          progress.report((read += slice.files.length))
        }
      } finally {
        progress.end(problems)
      }
    }
    if (signal.aborted) return
    folder.settle()
    for (const notice of folder.notices) this.#options.log.info(notice)
    folder.ready = true
    this.scheduler.markDirty([
      ...folder.files(),
      ...sources.openFiles().filter(mine),
      ...[...this.#options.published()].filter((file) => isInside(file, folder.folder)),
    ])
  }

  /** Whatever was read may make other meshes of a folder. */
  #settle(): string[] {
    return this.folders.flatMap((folder) => {
      try {
        return folder.ready ? [...folder.settle()] : []
      } catch (error) {
        this.#options.log.error(`${folder.folder}: ${describeError(error)}`)
        return []
      }
    })
  }

  #takeIn(file: string): UpdateResult {
    const { sources } = this.#options
    const open = sources.isOpen(file)
    if (sources.openFiles().some((other) => other !== file)) this.#options.changed()
    const folder = this.folderOf(file)
    if (folder) return folder.update([{ file, text: this.#text(file, folder.settings), open }])
    if (open) void this.add(file)
    return { files: new Set([file]), parsed: 0 }
  }

  /** The files of which something else may have to be said after a file was taken in: a line more or less in it moves what others point at. */
  #concernedBy(file: string, { files }: UpdateResult): string[] {
    return [...files, ...this.#options.pointingInto(file)]
  }

  *#judge(file: string): Generator<void> {
    const folder = this.folderOf(file)
    if (folder?.ready === true)
      for (const analysis of folder.analysesOf(file)) yield* analysis.judging(file)
  }

  #publish(file: string): boolean {
    const folder = this.folderOf(file)
    if (folder?.ready === false) return false
    const unread =
      folder && this.#isTooLarge(file, folder.settings)
        ? `This file is not read: it is larger than ${folder.settings.maxFileSize} MB (setting maxFileSize).`
        : undefined
    this.#options.publish(file, folder?.analysesOf(file) ?? [], unread)
    return true
  }

  /** The present text of a file, within the limit. */
  #text(file: string, settings: Settings): FileText | undefined {
    return this.#isTooLarge(file, settings) ? undefined : this.#options.sources.fileText(file)
  }

  /** Files on disk are held to the limit where they are read. */
  #isTooLarge(file: string, settings: Settings): boolean {
    return (this.#options.sources.document(file)?.split.length ?? 0) > maxBytes(settings)
  }
}

/** The settings on which findings depend, as text. */
function judgingKey({
  inlayHints: _hints,
  codeLens: _lenses,
  trace: _trace,
  ...settings
}: Settings): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
}
