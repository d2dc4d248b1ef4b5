import { isTextDocument } from '../resources/fileFacts.js'
import type { Resource } from '../resources/resource.js'
import type { SourceMap } from '../resources/sourceMap.js'
import type { Span } from '../text/lineIndex.js'
import { findHeredocDebris, blankOutDebris } from '../yaml/heredoc.js'
import { nodeAt, type FieldPath, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import type { Analysis } from './analysis.js'
import { DocumentTexts } from './documentTexts.js'
import type { ObjectPlace, SourceLookup } from './renderEdits.js'

/**
 * The texts and places that the fixes of an analysis need.
 *
 * @param readText the present text of a file. If it is different from what the analysis read, no
 * text and no place is returned.
 * @param settingsFile the file to which settings can be written, if there is one.
 */
export function sourceLookupOf(
  analysis: Analysis,
  readText: (file: string) => string | undefined,
  settingsFile?: string,
): SourceLookup {
  const texts = new DocumentTexts(analysis, readText)
  const rootOf = (file: string, document: number): YamlNode | undefined => {
    const slice = texts.get(file, document)
    return slice && parseYaml(blankOutDebris(slice.text, findHeredocDebris(slice.text))).root
  }
  /** The node that has exactly this span in a document. */
  const nodeAtSpan = (file: string, document: number, span: Span): ObjectPlace | undefined => {
    const root = rootOf(file, document)
    const path = root && pathOfSpan(root, span)
    return path && { file, document, path }
  }
  /** The same for a span in the text of a file. */
  const nodeAtFileSpan = (file: string, { start, end }: Span): ObjectPlace | undefined => {
    const document = analysis.files
      .get(file)
      ?.documents.findLast((each) => isTextDocument(each) && each.start <= start)
    return (
      document &&
      nodeAtSpan(file, document.serial, {
        start: start - document.start,
        end: end - document.start,
      })
    )
  }
  /** Whether a document has a node at a place. */
  const isWritten = ({ file, document, path }: ObjectPlace): boolean => {
    const root = rootOf(file, document)
    return root !== undefined && nodeAt(root, path) !== undefined
  }
  return {
    documentText: (file, serial) => texts.get(file, serial),
    fileText: readText,
    settingsFile,
    placeOf: (resource: Resource, path: FieldPath) => {
      const { file, document, ordinal } = resource.origin
      const facts = analysis.documentOf(resource)?.facts
      const source = facts?.sources[ordinal]
      if (!source) return undefined
      // A field that a kustomization changes may be in another file, and have another index in its list.
      const depth = facts.kustomized ? editableDepth(source, path) : 0
      const { value, exact, foreign } = source.find(path.slice(0, depth))
      if (depth === path.length && exact && foreign && !foreign.editable) return undefined
      const place = foreign
        ? nodeAtFileSpan(foreign.file, value)
        : nodeAtSpan(file, document, value)
      if (!place) return undefined
      const target = { ...place, path: [...place.path, ...path.slice(depth)] }
      // A kustomization removes what the file has: it would remove what a fix writes, too.
      return facts.kustomized && !source.find(path).exact && isWritten(target) ? undefined : target
    },
  }
}

/**
 * The number of segments that lead to a node that can be edited: the field itself if it exists,
 * else its nearest editable ancestor.
 */
function editableDepth(source: SourceMap, path: FieldPath): number {
  for (let depth = path.length; depth > 0; depth--) {
    const { exact, foreign } = source.find(path.slice(0, depth))
    if (exact && (depth === path.length || !foreign || foreign.editable)) return depth
  }
  return 0
}

/** The path of the node that has exactly this span. */
function pathOfSpan(node: YamlNode, span: Span): FieldPath | undefined {
  if (node.start === span.start && node.end === span.end) return []
  if (node.type === 'scalar') return undefined
  const children =
    node.type === 'seq'
      ? node.items.map((item, index) => [index, item] as const)
      : node.entries.map(({ key, value }) => [key, value] as const)
  for (const [segment, child] of children) {
    if (child.start > span.start || child.end < span.end) continue
    const below = pathOfSpan(child, span)
    if (below) return [segment, ...below]
  }
  return undefined
}
