import { DEFAULT_SETTINGS, type Settings } from '@istio-ambient-policy/shared'
import type { Files } from '../files.js'
import type { Host } from '../host.js'
import { describeError, type Log } from '../log.js'
import { isRead, readFolder } from './readFolder.js'
import type { ScanProblem } from './scanStep.js'
import { textWithinLimit } from './sizeLimit.js'
import type { Sources } from './sources.js'
import { WorkspaceFolder } from './workspaceFolder.js'

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
  /** The settings of a folder, or of a file outside all folders. */
  loadSettings(folder: string): Promise<Settings>
  beginReading(folder: string): ReadingProgress
}

interface FolderLoaderOptions extends FolderSources {
  /** The folder that a file belongs to. */
  folderOf(file: string): WorkspaceFolder | undefined
  /** The folder has new settings and is empty. It can include and exclude other files than before. */
  onNewSettings(folder: WorkspaceFolder): void
  /** All files of the folder were read. */
  onRead(folder: WorkspaceFolder): void
  /** The settings were loaded and the folder is ready. */
  onLoaded(): void
}

/** Loads the settings and the files of one folder, or of one file outside all folders. */
export class FolderLoader {
  readonly path: string
  /** The analyses with the current settings. New settings that influence findings need a new instance. */
  folder: WorkspaceFolder
  /** Resolves at the end of the last `reload`. */
  loaded: Promise<void> = Promise.resolve()
  readonly #options: FolderLoaderOptions
  #current = new AbortController()

  constructor(path: string, options: FolderLoaderOptions) {
    this.path = path
    this.#options = options
    this.folder = this.#createFolder(DEFAULT_SETTINGS)
  }

  /** Loads the settings, and reads the files if it is the first time or if the settings influence findings. */
  reload(): Promise<void> {
    this.loaded = this.#load().catch((error: unknown) => {
      this.#options.log.error(`${this.path} could not be read: ${describeError(error)}`)
    })
    return this.loaded
  }

  /** Ends the current `reload`. */
  stop(): void {
    this.#current.abort()
  }

  async #load(): Promise<void> {
    this.stop()
    const load = new AbortController()
    this.#current = load
    const settings = await this.#options.loadSettings(this.path)
    if (load.signal.aborted) return
    if (this.folder.ready && findingsKey(settings) === findingsKey(this.folder.settings)) {
      this.folder.settings = settings
    } else {
      this.folder = this.#createFolder(settings)
      this.#options.onNewSettings(this.folder)
      await this.#read(this.folder, load.signal)
    }
    if (this.#current === load) this.#options.onLoaded()
  }

  async #read(folder: WorkspaceFolder, signal: AbortSignal): Promise<void> {
    const { files, log, sources } = this.#options
    const isOwn = (file: string): boolean => this.#options.folderOf(file) === folder
    folder.update(
      sources
        .openFiles()
        .filter(isOwn)
        .map((file) => ({ file, text: this.#text(file, folder.settings), open: true })),
    )
    if (files.has(this.path) && !sources.isOpen(this.path))
      await this.#readFiles(folder, { isOwn, signal })
    if (signal.aborted) return
    folder.updateMeshRoots()
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
        folder.update(slice.files.filter(({ file }) => !sources.isOpen(file) && isOwn(file)))
        problems.push(...slice.problems)
        progress.report((read += slice.files.length))
      }
    } finally {
      progress.end(problems)
    }
  }

  #createFolder(settings: Settings): WorkspaceFolder {
    return new WorkspaceFolder(this.path, {
      settings,
      readText: (file) => this.#text(file, settings),
      isRead: isRead(this.path, settings),
    })
  }

  #text(file: string, settings: Settings): ReturnType<typeof textWithinLimit> {
    return textWithinLimit(this.#options.sources, file, settings)
  }
}

/** The settings that influence findings, as text. */
function findingsKey({
  inlayHints: _hints,
  codeLens: _lenses,
  trace: _trace,
  ...settings
}: Settings): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
}
