import {
  isInside,
  WorkspaceMeshes,
  type Analysis,
  type FileChange,
  type FileText,
  type Settings,
  type UpdateResult,
} from '@istio-ambient-policy/shared'

export interface WorkspaceFolderOptions {
  readonly settings: Settings
  readonly readText: (file: string) => FileText | undefined
  /** Whether a reading of the folder comes across a file that lies in it. */
  readonly isRead: (file: string) => boolean
}

/**
 * A folder that an editor shows, or a single file outside all of them, and the analyses of its mesh roots. What findings depend on in the settings is
 * fixed: with other settings it is another instance.
 */
export class WorkspaceFolder {
  readonly folder: string
  settings: Settings
  /** Whether every file was read once. Before that, nothing is said about any: half a mesh gives false alarms. */
  ready = false
  /** Whether the files may fall into other meshes than they did when that was looked at last. */
  #unsettled = false
  readonly #options: WorkspaceFolderOptions
  readonly #meshes: WorkspaceMeshes

  constructor(folder: string, options: WorkspaceFolderOptions) {
    this.folder = folder
    this.settings = options.settings
    this.#options = options
    const { settings, readText } = options
    this.#meshes = new WorkspaceMeshes(folder, {
      settings,
      world: 'open',
      levels: settings.rules,
      meshRoots: settings.meshRoots,
      readText,
    })
  }

  /** What a person should know of how the files are taken. */
  get notices(): readonly string[] {
    return this.#meshes.notices
  }

  includes(file: string): boolean {
    return isInside(file, this.folder) && (file === this.folder || this.#options.isRead(file))
  }

  /** The analyses of the meshes that a file belongs to; at least one. */
  analysesOf(file: string): readonly Analysis[] {
    return this.#meshes.analysesOf(file)
  }

  analyses(): readonly Analysis[] {
    return this.#meshes.analyses()
  }

  /** Every file that was read. */
  files(): readonly string[] {
    return this.#meshes.files()
  }

  /** Takes in new texts. */
  update(changes: readonly FileChange[]): UpdateResult {
    if (changes.some(({ file, text }) => (text === undefined) === this.#meshes.has(file)))
      this.unsettle()
    return this.#meshes.update(changes)
  }

  /** Files have come, gone or been saved: the folder may fall into other meshes. A keystroke is no reason, or meshes would come and go while a name is typed. */
  unsettle(): void {
    this.#unsettled = true
  }

  /** Looks at how the files fall into meshes, where that may have changed, and returns those whose findings may differ by it. */
  settle(): ReadonlySet<string> {
    if (!this.#unsettled) return new Set()
    this.#unsettled = false
    return this.#meshes.settle()
  }
}
