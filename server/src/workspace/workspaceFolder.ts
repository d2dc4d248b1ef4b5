import {
  isInside,
  safeFixEdits,
  WorkspaceMeshes,
  type Analysis,
  type FileChange,
  type FileText,
  type Settings,
  type TextEdit,
  type UpdateResult,
} from '@istio-ambient-policy/shared'

export interface WorkspaceFolderOptions {
  readonly settings: Settings
  readonly readText: (file: string) => FileText | undefined
  /** Whether a file of the folder is read, and not excluded. */
  readonly isRead: (file: string) => boolean
  /** The most steps for the findings of one object. For tests. */
  readonly workLimit?: number | undefined
}

/**
 * A folder of the workspace, or a single file outside all folders, with the analyses of its meshes. Settings that
 * influence findings do not change: other settings need a new instance.
 */
export class WorkspaceFolder {
  readonly folder: string
  settings: Settings
  /** Whether all files were read. Before, no findings are published, because they would be false alarms. */
  ready = false
  /** Whether the files can belong to other meshes than at the last `updateMeshRoots`. */
  #meshRootsMayChange = false
  readonly #options: WorkspaceFolderOptions
  readonly #meshes: WorkspaceMeshes
  /** Texts that replace the current ones while `safeFixEdits` computes its edits; otherwise empty. */
  readonly #fixedTexts = new Map<string, string>()

  constructor(folder: string, options: WorkspaceFolderOptions) {
    this.folder = folder
    this.settings = options.settings
    this.#options = options
    const { settings, readText, workLimit } = options
    this.#meshes = new WorkspaceMeshes(folder, {
      settings,
      world: 'open',
      levels: settings.rules,
      meshRoots: settings.meshRoots,
      workLimit,
      readText: (file) => this.#fixedTexts.get(file) ?? readText(file),
    })
  }

  /** Notices for the user about the way the files are read. */
  get notices(): readonly string[] {
    return this.#meshes.notices
  }

  includes(file: string): boolean {
    return isInside(file, this.folder) && (file === this.folder || this.#options.isRead(file))
  }

  /** The analyses of the meshes of a file; at least one. */
  analysesOf(file: string): readonly Analysis[] {
    return this.#meshes.analysesOf(file)
  }

  analyses(): readonly Analysis[] {
    return this.#meshes.analyses()
  }

  /** All files that were read. */
  files(): readonly string[] {
    return this.#meshes.files()
  }

  /** The edits of all safe fixes of a file. */
  safeFixEdits(file: string): readonly TextEdit[] {
    const text = this.#options.readText(file)
    return text === undefined
      ? []
      : safeFixEdits(this.#meshes, {
          file,
          text: typeof text === 'string' ? text : text.text,
          texts: this.#fixedTexts,
        })
  }

  /** Updates the meshes with new texts. */
  update(changes: readonly FileChange[]): UpdateResult {
    if (changes.some(({ file, text }) => (text === undefined) === this.#meshes.has(file)))
      this.invalidateMeshRoots()
    return this.#meshes.update(changes)
  }

  /**
   * Call it after files were added, deleted or saved: they can belong to other meshes then. Not after a keystroke, or
   * meshes would change while a name is typed.
   */
  invalidateMeshRoots(): void {
    this.#meshRootsMayChange = true
  }

  /** Assigns the files to meshes again, if this can change. Returns the files whose findings can change. */
  updateMeshRoots(): ReadonlySet<string> {
    if (!this.#meshRootsMayChange) return new Set()
    this.#meshRootsMayChange = false
    return this.#meshes.updateMeshRoots()
  }
}
