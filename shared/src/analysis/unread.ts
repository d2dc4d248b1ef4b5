import { isTextDocument, type FileFacts } from '../resources/fileFacts.js'
import { fileName } from '../resources/paths.js'
import { sniff } from '../yaml/sniff.js'
import { splitDocuments } from '../yaml/splitDocuments.js'
import type { Analysis } from './analysis.js'
import { isReadIfRendered } from './judgedObjects.js'

/** A part of a file that takes no part in the analysis, although it may contain objects. */
export interface UnreadPart {
  readonly file: string
  /** Zero-based; undefined: the file as a whole. */
  readonly line: number | undefined
  readonly reason: 'template' | 'invalid' | 'kustomization' | 'dependencies'
  /** The kind of the object, or what a kustomization does not apply; empty if it is not known. */
  readonly what: string
}

/** The parts of all files that are not read, in the order of the files. */
export function unreadParts(
  analysis: Analysis,
  textOf: (file: string) => string | undefined,
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
    ...unknownTemplates(facts, textOf),
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
      ...(facts.problems.length === 0
        ? []
        : [{ file, line, reason: 'invalid' as const, what: '' }]),
    ])
}

/** The documents of a chart template whose kind the template writes, such as `{{ include "app.deployment" . }}`. */
function unknownTemplates(
  { file, chartTemplate, documents }: FileFacts,
  textOf: (file: string) => string | undefined,
): UnreadPart[] {
  if (!chartTemplate || fileName(file).startsWith('_')) return []
  if (documents.some(({ facts }) => facts.opaqueKind !== undefined)) return []
  return splitDocuments(textOf(file) ?? '')
    .filter(({ text }) => sniff(text).kind === undefined && hasOutput(text))
    .map(({ line }) => ({ file, line, reason: 'template', what: '' }))
}

const COMMENT = /\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}|^[ \t]*#.*$/gm
const DEFINITION = /\{\{-?\s*define\b[\s\S]*?\{\{-?\s*end\s*-?\}\}/g
const CONTROL =
  /\{\{-?\s*(?:(?:if|else|end|range|with|block|break|continue)\b|\$\w+\s*:?=)[^}]*\}\}/g

/** Whether a template writes a value, outside of comments and definitions. */
function hasOutput(text: string): boolean {
  return text.replace(COMMENT, '').replace(DEFINITION, '').replace(CONTROL, '').includes('{{')
}
