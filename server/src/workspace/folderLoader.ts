import { DEFAULT_SETTINGS, type FileChange, type Settings } from '@istio-ambient-policy/shared'
import { TookTooLong, type RunWithinLimit } from '../deadline.js'
import type { Files } from '../files.js'
import type { Host } from '../host.js'
import { describeError, type Log } from '../log.js'
import { isRead, readFolder } from './readFolder.js'
import type { ScanProblem } from './scanStep.js'
import { settingsKey } from './settingsKey.js'
import { textWithinLimit } from './sizeLimit.js'
import type { Sources } from './sources.js'
import { WorkspaceFolder } from './workspaceFolder.js'

/** If work is ended more often, the folder is not evaluated: something in it makes the work on each file hang. */
const MAX_ENDED = 5

/** Shows the progress while a folder is read. */
export interface ReadingProgress {
  readonly report: (filesRead: number) => void
  readonly end: (problems: readonly ScanProblem[]) => void
}

/** The parts of the server that load a folder. */
export interface FolderSources {
  readonly files: Pick<Files, 'has' | 'load'> & Host
  readonly sources: Sources
  readonly log: Log
  /** The most steps for the findings of one object. For tests. */
  readonly workLimit?: number | undefined
  /** The settings of a folder, or of a file outside all folders. */
  loadSettings(folder: string): Promise<Settings>
  beginReading(folder: string): ReadingProgress
}

interface FolderLoaderOptions extends FolderSources {
  readonly runWithinLimit: RunWithinLimit
  /** The folder that a file belongs to. */
  folderOf(file: string): WorkspaceFolder | undefined
  /** The folder has new settings and is empty. It can include and exclude other files than before. */
  onNewSettings(folder: WorkspaceFolder): void
  /** The work on a file, or on all files, did not end within the limit. */
  onTookTooLong(file: string | undefined): void
  /** All files of the folder were read. */
  onRead(folder: WorkspaceFolder): void
  /** The folder cannot be read. */
  onFailed(folder: WorkspaceFolder): void
  /** The settings were loaded and the folder is ready. */
  onLoaded(): void
}

/** Milliseconds without a keystroke in a settings file before the settings apply. */
const PAUSE = 200

/** Loads the settings and the files of one folder, or of one file outside all folders. */
export class FolderLoader {
  readonly path: string
  /** The analyses with the current settings. New settings that influence findings need a new instance. */
  folder: WorkspaceFolder
  /** The number of documents that were read. */
  documents = 0
  /** Whether `folder` has its own settings, not the default ones. */
  hasSettings = false
  /** Resolves at the end of the last `reload`. */
  loaded: Promise<void> = Promise.resolve()
  readonly #options: FolderLoaderOptions
  #current = new AbortController()
  /** The files whose evaluation did not end within the limit. */
  readonly #leftOut = new Set<string>()
  /** The files of a slice that could not be read within the limit. They are read one by one. */
  #suspects: ReadonlySet<string> = new Set()
  /** How often work was ended. */
  #ended = 0
  /** Whether the analyses are incomplete, because work on them was ended. */
  #isBroken = false

  constructor(path: string, options: FolderLoaderOptions) {
    this.path = path
    this.#options = options
    this.folder = this.#createFolder(DEFAULT_SETTINGS)
  }

  /** Loads the settings, and reads the files if it is the first time or if the settings influence findings. */
  reload(): Promise<void> {
    return this.#start(0)
  }

  /** The same, after a pause in which no other call follows. */
  reloadSoon(): Promise<void> {
    return this.#start(PAUSE)
  }

  #start(pause: number): Promise<void> {
    this.loaded = this.#load(pause).catch((error: unknown) => {
      this.#options.log.error(`${this.path} could not be read: ${describeError(error)}`)
      this.#options.onFailed(this.folder)
    })
    return this.loaded
  }

  /** Resolves when the files are read, or cannot be read. */
  async whenRead(): Promise<void> {
    for (let load: Promise<void> | undefined; !this.folder.ready && load !== this.loaded;) {
      load = this.loaded
      await load
    }
  }

  isLeftOut(file: string): boolean {
    return this.#leftOut.has(file) || this.#ended > MAX_ENDED
  }

  leftOutFiles(): Iterable<string> {
    return this.#leftOut
  }

  /** Reads the folder again without a file. Without a file, only the analyses are made again. */
  leaveOut(file: string | undefined): Promise<void> {
    if (file !== undefined) this.#leftOut.add(file)
    this.#ended++
    this.#isBroken = true
    this.folder = this.#createFolder(this.folder.settings)
    return this.reload()
  }

  /** The file is read again with its next change. Returns whether it was left out. */
  tryAgain(file: string): boolean {
    if (!this.#leftOut.delete(file)) return false
    this.#ended = 0
    return true
  }

  /** Ends the current `reload`. */
  stop(): void {
    this.#current.abort()
  }

  async #load(pause: number): Promise<void> {
    this.stop()
    const load = new AbortController()
    this.#current = load
    const isStopped = (): boolean => load.signal.aborted
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    if (isStopped()) return
    const settings = await this.#options.loadSettings(this.path)
    if (isStopped()) return
    if (
      !this.#isBroken &&
      this.folder.ready &&
      settingsKey(settings) === settingsKey(this.folder.settings)
    ) {
      this.folder.settings = settings
    } else {
      this.#isBroken = false
      this.folder = this.#createFolder(settings)
      this.hasSettings = true
      this.#options.onNewSettings(this.folder)
      await this.#read(this.folder, load.signal)
    }
    if (this.#current === load) this.#options.onLoaded()
  }

  async #read(folder: WorkspaceFolder, signal: AbortSignal): Promise<void> {
    const { files, log, sources } = this.#options
    const isOwn = (file: string): boolean => this.#options.folderOf(file) === folder
    const open = sources.openFiles().filter((file) => isOwn(file) && !this.isLeftOut(file))
    for (const file of open)
      this.#update(folder, [{ file, text: this.#text(file, folder.settings), open: true }])
    if (files.has(this.path) && !sources.isOpen(this.path))
      await this.#readFiles(folder, { isOwn, signal })
    if (signal.aborted) return
    this.documents = documentsIn(folder)
    this.#within(undefined, () => folder.updateMeshRoots())
    if (this.#isBroken) return
    for (const notice of folder.notices) log.info(notice)
    folder.ready = true
    this.#options.onRead(folder)
  }

  async #readFiles(
    folder: WorkspaceFolder,
    { isOwn, signal }: { readonly isOwn: (file: string) => boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const { files: host, sources } = this.#options
    const { settings } = folder
    const progress = this.#options.beginReading(this.path)
    const problems: ScanProblem[] = []
    let read = 0
    try {
      await host.load(this.path, settings, signal)
      for await (const slice of readFolder(this.path, { host, settings, signal })) {
        if (signal.aborted) return
        const own = slice.files.filter(
          ({ file }) => !sources.isOpen(file) && isOwn(file) && !this.isLeftOut(file),
        )
        if (own.some(({ file }) => this.#suspects.has(file)))
          for (const change of own) this.#update(folder, [change])
        else this.#update(folder, own)
        problems.push(...slice.problems)
        progress.report((read += slice.files.length))
      }
    } finally {
      progress.end(problems)
    }
  }

  #update(folder: WorkspaceFolder, changes: readonly FileChange[]): void {
    const [first, ...others] = changes
    const file = others.length === 0 ? first?.file : undefined
    const isNew = this.#within(file, () => folder.update(changes))
    if (isNew && file === undefined) this.#suspects = new Set(changes.map((change) => change.file))
  }

  /** Returns true if work on a file, or on several files, is ended. Then the folder is read again. */
  #within(file: string | undefined, work: () => unknown): boolean {
    if (this.#isBroken) return false
    try {
      this.#options.runWithinLimit(work, this.documents)
      return false
    } catch (error) {
      if (!(error instanceof TookTooLong)) throw error
      this.#isBroken = true
      this.#options.onTookTooLong(error.isBusy ? undefined : file)
      return true
    }
  }

  #createFolder(settings: Settings): WorkspaceFolder {
    return new WorkspaceFolder(this.path, {
      settings,
      readText: (file) => this.#text(file, settings),
      isRead: isRead(this.path, settings),
      workLimit: this.#options.workLimit,
    })
  }

  #text(file: string, settings: Settings): ReturnType<typeof textWithinLimit> {
    return this.isLeftOut(file) ? undefined : textWithinLimit(this.#options.sources, file, settings)
  }
}

/** The number of documents that some folders have read. */
export function documentsOf(loaders: Iterable<FolderLoader>): number {
  let count = 0
  for (const { documents } of loaders) count += documents
  return count
}

function documentsIn(folder: WorkspaceFolder): number {
  return folder
    .analyses()
    .flatMap(({ files }) => [...files.values()])
    .reduce((sum, { documents }) => sum + documents.length, 0)
}
