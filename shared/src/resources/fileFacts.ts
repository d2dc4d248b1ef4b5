import type { BuildContext } from './buildContext.js'
import type { Chart } from './chart.js'
import type { DocumentFacts } from './documentFacts.js'
import type { Kustomization } from './kustomization.js'
import { HELM_VALUES } from './meshConfig.js'

interface DocumentPosition {
  /**
   * Stays the same while other documents of the file change; `Origin.document` of its resources.
   * Rises with the position in the file.
   */
  readonly serial: number
  /** Zero-based line in the file. */
  readonly line: number
  /** UTF-16 offset in the file. */
  readonly start: number
  readonly facts: DocumentFacts
}

/** A document that is in the text of a file. */
export interface TextDocument extends DocumentPosition {
  readonly standsFor: undefined
  /** Only for files that are open in an editor: an unchanged document is not read again. */
  readonly text: string | undefined
}

/**
 * A document that is not in the text of a file. Its resources stand for what a build file adds to
 * the mesh: objects of a remote base or of a chart dependency (`remote`), changes that are not
 * applied here (`changes`), or the release of Istio that a chart installs (`release`).
 */
export interface StandInDocument extends DocumentPosition {
  readonly standsFor: 'remote' | 'changes' | 'release'
  readonly text: undefined
}

export type FileDocument = TextDocument | StandInDocument

export function isTextDocument(document: FileDocument): document is TextDocument {
  return document.standsFor === undefined
}

/** Whether a document belongs to a file that is open in an editor. */
export function isOpenInEditor({ text }: FileDocument): boolean {
  return text !== undefined
}

/** The content of one file. */
export interface FileFacts {
  readonly file: string
  /** In the order of the text; stand-ins are last. */
  readonly documents: readonly FileDocument[]
  readonly kustomization: Kustomization | undefined
  readonly chart: Chart | undefined
  /** The serial number of the next new document. */
  readonly nextSerial: number
  /** The file was read with this context. */
  readonly context: BuildContext
  /** Other files that contain fields of its objects. Empty if no kustomization changes them. */
  readonly foreignFiles: ReadonlySet<string>
  /** The file is a chart template with at least one action, so none of its documents is literal. */
  readonly chartTemplate: boolean
  /**
   * The number of documents that were read for this version. The others were taken over from the
   * version before.
   */
  readonly parsed: number
}

/**
 * Whether a file is checked as if it is applied, although no kustomization lists it. Values of a Helm chart are never
 * in such a list.
 */
export function isAssumedApplied({ context, documents }: FileFacts): boolean {
  return (
    context.isUnlisted &&
    documents.some(({ facts }) =>
      facts.resources.some(
        (resource) => resource.type !== 'MeshConfig' || resource.kind !== HELM_VALUES,
      ),
    )
  )
}

/** What a kustomization, a chart file or the steps of a test say about other files. */
export interface BuildFile extends Pick<FileFacts, 'kustomization' | 'chart'> {
  /** Files that a test compares with objects, see `readExpectedFiles`. */
  readonly expectedFiles: readonly string[] | undefined
}
