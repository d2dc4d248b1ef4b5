import { readDocument } from '../resources/readDocument.js'
import type { FileFacts, PlacedDocument } from '../resources/readFile.js'
import type { Resource } from '../resources/resource.js'
import type { Span } from '../text/lineIndex.js'
import { findHeredocDebris, withoutDebris } from '../yaml/heredoc.js'
import type { FieldPath, YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { splitDocuments, type DocumentSlice } from '../yaml/splitDocuments.js'
import type { Analysis } from './analysis.js'
import { equal } from '../text/equal.js'
import type { EditHost } from './renderEdits.js'

/**
 * The host of edits for fixes of an analysis.
 *
 * @param settingsFile where settings can be written, if they can.
 * @param readText the present text of a file. Where it no longer says what the analysis read, nothing is given out: the fix speaks of another text.
 */
export function editHostOf(analysis: Analysis, readText: (file: string) => string | undefined, settingsFile?: string): EditHost {
  // A file of many documents is split once, not once for each fix.
  let last: SplitFile | undefined
  const split = (file: string): SplitFile | undefined => {
    const text = readText(file)
    const facts = analysis.files.get(file)
    if (text === undefined || !facts) return undefined
    if (last?.facts !== facts || last.text !== text) last = { facts, text, documents: pairDocuments(facts, splitDocuments(text)) }
    return last
  }
  const documentText = (file: string, serial: number): DocumentSlice | undefined => {
    const [document, slice] = split(file)?.documents.get(serial) ?? []
    return document && slice?.start === document.start && isUnchanged(document, slice) ? slice : undefined
  }
  return {
    documentText,
    fileText: readText,
    settingsFile,
    nodePathOf: (resource) => {
      const { file, document, ordinal } = resource.origin
      const slice = documentText(file, document)
      const source = analysis.documentOf(resource)?.facts.sources[ordinal]
      if (!slice || !source) return undefined
      const { root } = parseYaml(withoutDebris(slice.text, findHeredocDebris(slice.text)))
      return root && pathOf(root, source.find([]).value)
    },
  }
}

interface SplitFile {
  readonly facts: FileFacts
  readonly text: string
  /** By serial number. */
  readonly documents: ReadonlyMap<number, readonly [PlacedDocument, DocumentSlice]>
}

/** Each document with its present slice; nothing where there are more or fewer than were read. */
function pairDocuments(facts: FileFacts, slices: readonly DocumentSlice[]): SplitFile['documents'] {
  const documents = facts.documents.filter(isWritten)
  if (documents.length !== slices.length) return new Map()
  return new Map(slices.flatMap((slice, index) => {
    const document = documents[index]
    return document ? [[document.serial, [document, slice]] as const] : []
  }))
}

/** A document that stands for what a kustomization or a chart brings from elsewhere has no text. */
function isWritten({ facts }: PlacedDocument): boolean {
  return !facts.resources.some(({ apiVersion }) => apiVersion === '')
}

/** Whether a text still says what was read. The texts of files that are not open are not kept: those are read again. */
function isUnchanged({ serial, text, facts }: PlacedDocument, slice: DocumentSlice): boolean {
  if (text !== undefined) return text === slice.text
  const [first] = facts.resources
  if (!first) return false
  const again = readDocument(slice.text, {
    file: first.origin.file,
    document: serial,
    defaultNamespace: namespaceGiven(facts.resources),
    chartTemplate: false,
    helmValues: first.type === 'MeshConfig' && first.kind === 'HelmValues',
    intern: (string) => string,
  })
  return equal(again.resources, facts.resources) && equal(again.debris, facts.debris) && equal([...again.lineStarts], [...facts.lineStarts])
}

/** The namespace that the files around gave to the document's objects. */
function namespaceGiven(resources: readonly Resource[]): Parameters<typeof readDocument>[1]['defaultNamespace'] {
  const given = resources.find(({ namespaceSource }) => namespaceSource === 'kustomization' || namespaceSource === 'unnamed')
  return { namespace: given?.namespace ?? '', source: given?.namespaceSource ?? 'unnamed' }
}

/** The path of the map that a span covers. */
function pathOf(node: YamlNode, span: Span): FieldPath | undefined {
  if (node.type === 'scalar') return undefined
  if (node.type === 'map' && node.start === span.start && node.end === span.end) return []
  const children = node.type === 'seq' ? node.items.map((item, index) => [index, item] as const) : node.entries.map(({ key, value }) => [key, value] as const)
  for (const [segment, child] of children) {
    if (child.start > span.start || child.end < span.end) continue
    const below = pathOf(child, span)
    if (below) return [segment, ...below]
  }
  return undefined
}
