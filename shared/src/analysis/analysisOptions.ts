import type { World } from '../mesh/mesh.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import type { Level } from '../rules/finding.js'
import type { Analysis } from './analysis.js'
import type { SharedFiles } from './sharedFiles.js'
import type { FileText } from '../yaml/splitText.js'

export interface AnalysisOptions {
  readonly settings: MeshSettings
  readonly world: World
  /** Levels by rule name; `off` disables a rule. */
  readonly levels: Readonly<Record<string, Level | 'off'>>
  /** The present text of a file, to read it again after a kustomization or a chart has changed. */
  readText(file: string): FileText | undefined
  /** The namespace in which a tool creates the objects of a file that do not name one. */
  namespaceOf?(file: string): string | undefined
  /** Whether ignore comments and annotations hide findings. The default is true. */
  readonly ignoreComments?: boolean
  /** What the other meshes of the same folder have read. */
  readonly sharedFiles?: SharedFiles
  /**
   * A mesh with some of the same objects. If these are most of the objects, findings are taken from it
   * (`ObjectFindings`). It has the option `record`.
   */
  readonly lender?: Analysis
  /** The most steps for the findings of one object. For tests: the default is enough for every mesh. */
  readonly workLimit?: number | undefined
  /** Record what each fact depends on. */
  readonly record?: boolean
  /**
   * Files are still being added until `finishLoading` is called. Before that, a file with several
   * kustomization paths is read as it is.
   */
  readonly loading?: boolean
  /**
   * Whether a file belongs to another mesh, and this one only sees its objects: it has no findings
   * here.
   */
  readonly isContext?: (file: string) => boolean
}

export interface UpdateResult {
  /** Files whose findings may differ now: call `findingsOf` for them again. */
  readonly files: ReadonlySet<string>
  /** The number of documents that were read. */
  readonly parsed: number
}
