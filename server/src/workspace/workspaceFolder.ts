import { Analysis, isInside, joinPath, type FileChange, type Settings, type UpdateResult } from '@istio-ambient-policy/shared'

export interface WorkspaceFolderOptions {
  readonly settings: Settings
  readonly readText: (file: string) => string | undefined
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
  readonly #options: WorkspaceFolderOptions
  readonly #roots: readonly string[]
  readonly #analyses = new Map<string, Analysis>()

  constructor(folder: string, options: WorkspaceFolderOptions) {
    this.folder = folder
    this.settings = options.settings
    this.#options = options
    this.#roots = options.settings.meshRoots.map((root) => joinPath(folder, root)).sort((a, b) => b.length - a.length)
  }

  includes(file: string): boolean {
    return isInside(file, this.folder) && (file === this.folder || this.#options.isRead(file))
  }

  /** The analysis of the mesh that a file belongs to. */
  analysisOf(file: string): Analysis {
    const root = this.#roots.find((candidate) => isInside(file, candidate)) ?? this.folder
    const known = this.#analyses.get(root)
    if (known) return known
    const { settings, readText } = this.#options
    const analysis = new Analysis({ settings, world: 'open', levels: settings.rules, readText })
    this.#analyses.set(root, analysis)
    return analysis
  }

  analyses(): readonly Analysis[] {
    return [...this.#analyses.values()]
  }

  /** Every file that was read. */
  files(): readonly string[] {
    return this.analyses().flatMap((analysis) => [...analysis.files.keys()])
  }

  /** Takes in new texts. */
  update(changes: readonly FileChange[]): UpdateResult {
    const batches = new Map<Analysis, FileChange[]>()
    for (const change of changes) {
      const analysis = this.analysisOf(change.file)
      const batch = batches.get(analysis)
      if (batch) batch.push(change)
      else batches.set(analysis, [change])
    }
    const results = [...batches].map(([analysis, batch]) => analysis.update(batch))
    return {
      files: new Set(results.flatMap(({ files }) => [...files])),
      parsed: results.reduce((sum, { parsed }) => sum + parsed, 0),
    }
  }
}
