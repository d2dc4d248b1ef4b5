import { isTextDocument, type FileFacts } from '../resources/fileFacts.js'
import { fileName } from '../resources/paths.js'
import type { UnusualDocument } from '../yaml/unusualKind.js'
import type { Analysis } from './analysis.js'
import { isReadIfRendered } from './judgedObjects.js'

/** A part of a file that takes no part in the analysis, although it may contain objects. */
export interface UnreadPart {
  readonly file: string
  /** Zero-based; undefined: the file as a whole. */
  readonly line: number | undefined
  readonly reason: 'template' | 'kind' | 'invalid' | 'kustomization' | 'dependencies'
  /** The kind of the object, or what a kustomization does not apply; empty if it is not known. */
  readonly what: string
}

/**
 * The parts of all files that are not read, in the order of the files.
 *
 * @param unusualDocumentsOf see `unusualDocuments`.
 */
export function unreadParts(
  analysis: Analysis,
  unusualDocumentsOf: (file: string) => readonly UnusualDocument[],
): UnreadPart[] {
  const fromKustomizations = [...analysis.notApplied].flatMap(([file, parts]) =>
    parts.map((part): UnreadPart => ({
      file,
      line: undefined,
      reason: 'kustomization',
      what: part.what === 'field' ? part.name : part.what,
    })),
  )
  const fromFiles = [...analysis.files.values()].flatMap((facts) => [
    ...documentsNotRead(facts),
    ...unusual(facts, unusualDocumentsOf(facts.file)),
    ...(facts.chart?.hasDependencies === true
      ? [{ file: facts.file, line: undefined, reason: 'dependencies' as const, what: '' }]
      : []),
  ])
  return [...fromFiles, ...fromKustomizations]
}

function documentsNotRead({ file, documents }: FileFacts): UnreadPart[] {
  return documents
    .filter(isTextDocument)
    .flatMap(({ line, facts }): UnreadPart[] => [
      ...(isReadIfRendered(facts.opaqueKind)
        ? [{ file, line, reason: 'template' as const, what: facts.opaqueKind }]
        : []),
      ...(facts.problems.some(({ duplicateKey }) => duplicateKey === undefined)
        ? [{ file, line, reason: 'invalid' as const, what: '' }]
        : []),
    ])
}

/** Documents that may be objects, but of which nothing was read. */
function unusual({ file, documents }: FileFacts, found: readonly UnusualDocument[]): UnreadPart[] {
  if (fileName(file).startsWith('_')) return []
  return found.flatMap(({ line, isTemplate }) => {
    const facts = documents.find((document) => document.line === line)?.facts
    const isRead =
      facts === undefined ||
      facts.resources.length > 0 ||
      facts.opaqueKind !== undefined ||
      facts.problems.length > 0
    return isRead ? [] : [{ file, line, reason: isTemplate ? 'template' : 'kind', what: '' }]
  })
}
