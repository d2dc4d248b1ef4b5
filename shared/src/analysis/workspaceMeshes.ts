import { isInside, joinPath } from '../resources/paths.js'
import { isEdited } from '../resources/readFile.js'
import { Analysis, type AnalysisOptions, type FileChange, type UpdateResult } from './analysis.js'
import { chartNotices, kustomizationNotices } from './notices.js'
import {
  namedRoots,
  ONE_MESH,
  planMeshRoots,
  type MeshRoot,
  type MeshRootPlan,
} from './meshRoots.js'

export interface WorkspaceMeshesOptions extends AnalysisOptions {
  /** Setting `meshRoots`: folders relative to the folder. Where it names none, the files decide, except in the closed world. */
  readonly meshRoots: readonly string[]
}

/**
 * The meshes of one folder, each with its analysis. A file that several overlays draw in belongs to several. Until `settle` is called the files are
 * one mesh, or what the setting names.
 */
export class WorkspaceMeshes {
  readonly #folder: string
  readonly #options: WorkspaceMeshesOptions
  readonly #analyses = new Map<string, Analysis>()
  readonly #named: boolean
  #plan: MeshRootPlan
  #settled = false

  constructor(folder: string, options: WorkspaceMeshesOptions) {
    this.#folder = folder
    this.#options = options
    this.#named = options.meshRoots.length > 0
    this.#plan = this.#named
      ? namedRoots(options.meshRoots.map((root) => joinPath(folder, root)))
      : ONE_MESH
  }

  /** What a person should know of how the files are taken, one sentence each; the folder's own folders are named relative to it. */
  get notices(): readonly string[] {
    const analyses = this.analyses()
    const skipped = this.#options.world === 'closed' ? [] : chartNotices(analyses)
    return [...this.#plan.notices, ...kustomizationNotices(analyses), ...skipped].map((notice) =>
      notice.replaceAll(`"${this.#folder}/`, '"').replaceAll(`"${this.#folder}"`, '"."'),
    )
  }

  analyses(): readonly Analysis[] {
    return [...this.#analyses.values()]
  }

  /** The analyses of the meshes that a file belongs to; at least one. */
  analysesOf(file: string): readonly Analysis[] {
    return this.#rootsOf(file).map((root) => this.#analysis(root))
  }

  has(file: string): boolean {
    return this.analysesOf(file).some(({ files }) => files.has(file))
  }

  /** Every file that was read. */
  files(): readonly string[] {
    return [...new Set(this.analyses().flatMap((analysis) => [...analysis.files.keys()]))]
  }

  /** Takes in new texts. */
  update(changes: readonly FileChange[]): UpdateResult {
    const batches = new Map<Analysis, FileChange[]>()
    for (const change of changes) {
      for (const analysis of this.analysesOf(change.file)) {
        const batch = batches.get(analysis)
        if (batch) batch.push(change)
        else batches.set(analysis, [change])
      }
    }
    const results = [...batches].map(([analysis, batch]) => analysis.update(batch))
    return {
      files: new Set(results.flatMap(({ files }) => [...files])),
      parsed: results.reduce((sum, { parsed }) => sum + parsed, 0),
    }
  }

  /**
   * Looks at how the files that were read fall into meshes and, where that has changed, reads them anew as such. Call it when all files are read and
   * when files have come or gone.
   *
   * @returns the files whose findings may differ now.
   */
  settle(): ReadonlySet<string> {
    if (this.#named || this.#options.world === 'closed') return this.#settleAll()
    const files = new Set(this.#settleOnce())
    // What kustomizations make of objects may be different where what is written is not, which is seen only now.
    return files.size === 0 ? files : new Set([...files, ...this.#settleOnce()])
  }

  #settleOnce(): Iterable<string> {
    const facts = new Map(this.analyses().flatMap((analysis) => [...analysis.files]))
    const plan = planMeshRoots([...facts.values()])
    if (planKey(plan) === planKey(this.#plan)) return this.#settleAll()
    const open = new Set(
      [...facts.values()]
        .filter(({ documents }) => documents.some(isEdited))
        .map(({ file }) => file),
    )
    this.#plan = plan
    this.#settled = true
    this.#analyses.clear()
    this.update(
      [...facts.keys()].map((file) => ({
        file,
        text: this.#options.readText(file),
        open: open.has(file),
      })),
    )
    return facts.keys()
  }

  #settleAll(): ReadonlySet<string> {
    this.#settled = true
    return new Set(this.analyses().flatMap((analysis) => [...analysis.settle().files]))
  }

  #rootsOf(file: string): readonly string[] {
    const listed = this.#plan.roots.filter(({ files }) => files?.has(file) === true)
    if (listed.length > 0) return listed.map(({ folder }) => folder)
    return [
      innermost(
        this.#plan.roots.filter(
          ({ files, folder }) => files === undefined && isInside(file, folder),
        ),
      )?.folder ?? this.#folder,
    ]
  }

  #analysis(root: string): Analysis {
    const known = this.#analyses.get(root)
    if (known) return known
    const analysis = new Analysis({ ...this.#options, gathering: !this.#settled })
    this.#analyses.set(root, analysis)
    return analysis
  }
}

function innermost(roots: readonly MeshRoot[]): MeshRoot | undefined {
  return roots.reduce<MeshRoot | undefined>(
    (deepest, root) => (root.folder.length > (deepest?.folder.length ?? -1) ? root : deepest),
    undefined,
  )
}

function planKey({ roots }: MeshRootPlan): string {
  return JSON.stringify(roots.map(({ folder, files }) => [folder, files && [...files].sort()]))
}
