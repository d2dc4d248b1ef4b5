import { isOpenInEditor } from '../resources/fileFacts.js'
import { isInside, joinPath } from '../resources/paths.js'
import { compareText } from '../text/compareText.js'
import { addToGroup, getOrInsert, NONE } from '../text/collections.js'
import { Analysis, type AnalysisOptions, type FileChange, type UpdateResult } from './analysis.js'
import { lendersOf } from './lenders.js'
import {
  namedRoots,
  ONE_MESH,
  planMeshRoots,
  type MeshRoot,
  type MeshRootPlan,
} from './meshRoots.js'
import {
  chartNotices,
  kustomizationNotices,
  meshRootNotice,
  overlayNotice,
  templateNotices,
  deliveryNotices,
  unlistedNotices,
  unnamedNotices,
} from './notices.js'
import { SharedFiles } from './sharedFiles.js'

export interface WorkspaceMeshesOptions extends AnalysisOptions {
  /**
   * Setting `meshRoots`: folders relative to the workspace folder. If empty, the files decide,
   * except in the closed world.
   */
  readonly meshRoots: readonly string[]
  /** The folders of charts about which the user knows already. */
  readonly chartsWithNotice?: ReadonlySet<string>
  /** Whether the files decide in the closed world too. */
  readonly detectsRoots?: boolean
  /** Whether overlays take findings from each other (`ObjectFindings`). The default is true. For tests. */
  readonly lends?: boolean
}

/**
 * The meshes of one workspace folder, each with its analysis. A file that several overlays include
 * belongs to several meshes. Until `updateMeshRoots` is called, the folder is one mesh, or has the
 * meshes of the setting `meshRoots`.
 */
export class WorkspaceMeshes {
  readonly #folder: string
  readonly #options: WorkspaceMeshesOptions
  readonly #analyses = new Map<string, Analysis>()
  readonly #isFixed: boolean
  #plan: MeshRootPlan
  /** By the folder of the borrowing mesh. */
  #lenders: ReadonlyMap<string, string> = new Map()
  readonly #sharedFiles = new SharedFiles()
  #isLoaded = false

  constructor(folder: string, options: WorkspaceMeshesOptions) {
    this.#folder = folder
    this.#options = options
    const { meshRoots, world, detectsRoots = world === 'open' } = options
    this.#isFixed = meshRoots.length > 0 || !detectsRoots
    this.#plan =
      meshRoots.length > 0 ? namedRoots(meshRoots.map((root) => joinPath(folder, root))) : ONE_MESH
  }

  /**
   * How the files are read, where the user should know it. One sentence each, with paths relative
   * to the folder.
   */
  get notices(): readonly string[] {
    const analyses = this.analyses()
    const { conflict } = this.#plan
    const overlays = this.#overlays()
      .map(({ folder }) => folder)
      .sort(compareText)
    const show = (path: string): string => this.#relativePath(path)
    const sharing = this.#sharing()
    const siblings = this.#plan.roots.filter(({ isOverlay }) => !isOverlay)
    return [
      ...(overlays.length > 0
        ? [
            overlayNotice(
              overlays,
              overlays.some((root) => sharing.includes(root)),
              show,
            ),
          ]
        : []),
      ...(conflict
        ? [
            meshRootNotice(
              conflict,
              {
                more: siblings.filter(({ folder }) => !conflict.folders.includes(folder)).length,
                hasOthers: siblings.some(({ sharesOthers, sees }) => sharesOthers ?? sees),
              },
              show,
            ),
          ]
        : []),
      ...kustomizationNotices(analyses, show),
      ...deliveryNotices(analyses, show),
      ...(this.#options.world === 'closed'
        ? [...unlistedNotices(analyses, show), ...unnamedNotices(analyses, show)]
        : [
            ...chartNotices(analyses, show, this.#options.chartsWithNotice),
            ...templateNotices(analyses, show),
          ]),
    ]
  }

  analyses(): readonly Analysis[] {
    return [...this.#analyses.values()]
  }

  /** The analyses by the folders that name their meshes. */
  byFolder(): ReadonlyMap<string, Analysis> {
    return this.#analyses
  }

  /** The folder that names a mesh, relative to the workspace folder; undefined for the files in no root. */
  nameOf(analysis: Analysis): string | undefined {
    const [root] = [...this.#analyses].find(([, other]) => other === analysis) ?? []
    return root === undefined || root === OTHER_FILES ? undefined : this.#relativePath(root)
  }

  /** The analyses of the meshes to which a file belongs; at least one. */
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

  /** Adds, changes or removes files. */
  update(changes: readonly FileChange[]): UpdateResult {
    this.#sharedFiles.startUpdate()
    const batches = new Map<Analysis, FileChange[]>()
    for (const change of changes)
      for (const analysis of this.#seeing(change.file)) addToGroup(batches, analysis, change)
    const results = this.#inOrderOfLoans(batches).map(([analysis, batch]) => analysis.update(batch))
    return {
      files: new Set(results.flatMap(({ files }) => [...files])),
      parsed: results.reduce((sum, { parsed }) => sum + parsed, 0),
    }
  }

  /** Lenders first, then all other meshes with changes, and those that borrow from these lenders. */
  #inOrderOfLoans(
    batches: ReadonlyMap<Analysis, FileChange[]>,
  ): readonly (readonly [Analysis, readonly FileChange[]])[] {
    const changed = [...batches]
    const borrowers = this.analyses().filter(({ lender }) => lender && batches.has(lender))
    return [
      ...changed.filter(([{ lender }]) => !lender),
      ...changed.filter(([{ lender }]) => lender),
      ...borrowers.filter((each) => !batches.has(each)).map((each) => [each, NONE] as const),
    ]
  }

  /**
   * Assigns the files to meshes again, and reads them again if their meshes are different now. Call
   * it when all files are read, and when files were added or removed.
   *
   * @returns the files whose findings may differ now.
   */
  updateMeshRoots(): ReadonlySet<string> {
    if (this.#isFixed) return this.#finishLoading()
    const files = new Set(this.#updateOnce())
    // Objects that kustomizations build are known only now. They may define an object differently where their files do not.
    return files.size === 0 ? files : new Set([...files, ...this.#updateOnce()])
  }

  #updateOnce(): Iterable<string> {
    const facts = new Map(this.analyses().flatMap((analysis) => [...analysis.files]))
    const plan = planMeshRoots([...facts.values()])
    if (keyOf(plan) === keyOf(this.#plan)) return this.#finishLoading()
    const open = new Set(
      [...facts.values()]
        .filter(({ documents }) => documents.some(isOpenInEditor))
        .map(({ file }) => file),
    )
    this.#plan = plan
    this.#lenders = this.#options.lends === false ? new Map() : lendersOf(plan.roots)
    this.#isLoaded = true
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

  #finishLoading(): ReadonlySet<string> {
    this.#isLoaded = true
    this.#sharedFiles.startUpdate()
    return new Set(this.analyses().flatMap((analysis) => [...analysis.finishLoading().files]))
  }

  /** The folders that name the meshes of a file. */
  #rootsOf(file: string): readonly string[] {
    const withFile = this.#plan.roots.filter(({ files }) => files?.has(file) === true)
    if (withFile.length > 0) return withFile.map(({ folder }) => folder)
    const containing = this.#plan.roots.filter(
      ({ files, folder }) => files === undefined && isInside(file, folder),
    )
    return [innermost(containing)?.folder ?? OTHER_FILES]
  }

  /** The analyses that see a file: those of its meshes, those that share the files in no root, and siblings that agree. */
  #seeing(file: string): readonly Analysis[] {
    const roots = this.#rootsOf(file)
    const sharing = this.#sharing()
    const others = roots.includes(OTHER_FILES)
      ? sharing
      : roots.some((root) => sharing.includes(root))
        ? [OTHER_FILES]
        : []
    const agreeing = this.#plan.roots.filter(({ sees }) =>
      sees?.some((root) => roots.includes(root)),
    )
    return [...new Set([...roots, ...others, ...agreeing.map(({ folder }) => folder)])].map(
      (root) => this.#analysis(root),
    )
  }

  #overlays(): readonly MeshRoot[] {
    return this.#plan.roots.filter(({ isOverlay }) => isOverlay === true)
  }

  /** The roots that see the files in no root. */
  #sharing(): readonly string[] {
    return this.#plan.roots.filter(({ sharesOthers }) => sharesOthers).map(({ folder }) => folder)
  }

  #analysis(root: string): Analysis {
    const known = this.#analyses.get(root)
    if (known) return known
    const lender = this.#lenders.get(root)
    const analysis = new Analysis({
      ...this.#options,
      ...(lender === undefined ? {} : { lender: this.#analysis(lender) }),
      ...([...this.#lenders.values()].includes(root) ? { record: true } : {}),
      loading: !this.#isLoaded,
      sharedFiles: this.#sharedFiles,
      ...(this.#plan.roots.some(({ sharesOthers, sees }) => sharesOthers ?? sees)
        ? { isContext: remembered((file) => !this.#rootsOf(file).includes(root)) }
        : {}),
    })
    this.#analyses.set(root, analysis)
    return analysis
  }

  #relativePath(path: string): string {
    if (path === this.#folder) return '.'
    return path.startsWith(`${this.#folder}/`) ? path.slice(this.#folder.length + 1) : path
  }
}

/** Stands for the mesh of the files that are in no root. No folder has this name. */
const OTHER_FILES = '?'

function innermost(roots: readonly MeshRoot[]): MeshRoot | undefined {
  return roots.reduce<MeshRoot | undefined>(
    (deepest, root) => (root.folder.length > (deepest?.folder.length ?? -1) ? root : deepest),
    undefined,
  )
}

function remembered(decide: (file: string) => boolean): (file: string) => boolean {
  const known = new Map<string, boolean>()
  return (file) => getOrInsert(known, file, () => decide(file))
}

/** Equal for two plans with the same roots. */
function keyOf({ roots }: MeshRootPlan): string {
  return JSON.stringify(
    roots.map(({ folder, files, sharesOthers, sees }) => [
      folder,
      files && [...files].sort(),
      sharesOthers,
      sees,
    ]),
  )
}
