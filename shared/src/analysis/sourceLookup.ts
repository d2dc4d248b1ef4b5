import { readDocument } from '../resources/readDocument.js'
import type { FileFacts, PlacedDocument } from '../resources/readFile.js'
import type { Resource } from '../resources/resource.js'
import type { SourceMap } from '../resources/sourceMap.js'
import type { Span } from '../text/lineIndex.js'
import { findHeredocDebris, withoutDebris } from '../yaml/heredoc.js'
import type { FieldPath, YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { splitDocuments, type DocumentSlice } from '../yaml/splitDocuments.js'
import type { Analysis } from './analysis.js'
import { equal } from '../text/equal.js'
import type { SourceLookup, ObjectPlace } from './renderEdits.js'

/**
 * The host of edits for fixes of an analysis.
 *
 * @param settingsFile where settings can be written, if they can.
 * @param readText the present text of a file. Where it no longer says what the analysis read, nothing is given out: the fix speaks of another text.
 */
export function sourceLookupOf(
  analysis: Analysis,
  readText: (file: string) => string | undefined,
  settingsFile?: string,
): SourceLookup {
  // A file of many documents is split once, not once for each fix.
  let last: SplitFile | undefined
  const split = (file: string): SplitFile | undefined => {
    const text = readText(file)
    const facts = analysis.files.get(file)
    if (text === undefined || !facts) return undefined
    if (last?.facts !== facts || last.text !== text)
      last = { facts, text, documents: pairDocuments(facts, splitDocuments(text)) }
    return last
  }
  const documentText = (file: string, serial: number): DocumentSlice | undefined => {
    const known = split(file)
    const [document, slice] = known?.documents.get(serial) ?? []
    if (!known || !document || slice?.start !== document.start) return undefined
    const context = analysis.contextText(file)
    return (
      context === undefined ? isUnchanged(document, slice, known.facts) : context === known.text
    )
      ? slice
      : undefined
  }
  const nodePath = (file: string, document: number, span: Span): ObjectPlace | undefined => {
    const slice = documentText(file, document)
    const root = slice && parseYaml(withoutDebris(slice.text, findHeredocDebris(slice.text))).root
    const path = root && pathOf(root, span)
    return path && { file, document, path }
  }
  /** The node that a span of another file covers. */
  const foreignPath = (file: string, span: Span): ObjectPlace | undefined => {
    const document = analysis.files
      .get(file)
      ?.documents.findLast(({ start }) => start <= span.start)
    return (
      document &&
      nodePath(file, document.serial, {
        start: span.start - document.start,
        end: span.end - document.start,
      })
    )
  }
  return {
    documentText,
    fileText: readText,
    settingsFile,
    placeOf: (resource, path) => {
      const { file, document, ordinal } = resource.origin
      const facts = analysis.documentOf(resource)?.facts
      const source = facts?.sources[ordinal]
      if (!source) return undefined
      // What kustomizations have changed stands elsewhere, and in lists at another index.
      const depth = facts.derived ? heldDepth(source, path) : 0
      const { value, exact, foreign } = source.find(path.slice(0, depth))
      if (depth === path.length && exact && foreign && !foreign.editable) return undefined
      const place = foreign ? foreignPath(foreign.file, value) : nodePath(file, document, value)
      return place && { ...place, path: [...place.path, ...path.slice(depth)] }
    },
  }
}

/** How far a path leads to what can be edited: the field itself where it is there, else the nearest that holds what is to be added. */
function heldDepth(source: SourceMap, path: FieldPath): number {
  for (let depth = path.length; depth > 0; depth--) {
    const { exact, foreign } = source.find(path.slice(0, depth))
    if (exact && (depth === path.length || !foreign || foreign.editable)) return depth
  }
  return 0
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
  return new Map(
    slices.flatMap((slice, index) => {
      const document = documents[index]
      return document ? [[document.serial, [document, slice]] as const] : []
    }),
  )
}

/** A document that stands for what a kustomization or a chart brings from elsewhere has no text. */
function isWritten({ facts }: PlacedDocument): boolean {
  return !facts.resources.some(({ apiVersion }) => apiVersion === '')
}

/** Whether a text still says what was read. The texts of files that are not open are not kept: those are read again. */
function isUnchanged(
  { serial, text, facts }: PlacedDocument,
  slice: DocumentSlice,
  { placement }: FileFacts,
): boolean {
  if (text !== undefined) return text === slice.text
  const [first] = facts.resources
  if (!first) return false
  const again = readDocument(slice.text, {
    file: first.origin.file,
    document: serial,
    defaultNamespace: namespaceGiven(facts.resources),
    chartTemplate: false,
    helmValues: first.type === 'MeshConfig' && first.kind === 'HelmValues',
    chains: placement.chains,
    nameNow: (key, likely) =>
      facts.derived?.asks.find((asked) => asked.key === key && asked.likely === likely)?.answer,
    intern: (string) => string,
  })
  return (
    equal(again.resources, facts.resources) &&
    equal(again.debris, facts.debris) &&
    again.lineStarts.equals(facts.lineStarts)
  )
}

/** The namespace that the files around gave to the document's objects. */
function namespaceGiven(
  resources: readonly Resource[],
): Parameters<typeof readDocument>[1]['defaultNamespace'] {
  const given = resources.find(
    ({ namespaceSource }) => namespaceSource === 'kustomization' || namespaceSource === 'unnamed',
  )
  return { namespace: given?.namespace ?? '', source: given?.namespaceSource ?? 'unnamed' }
}

/** The path of the node that a span covers. */
function pathOf(node: YamlNode, span: Span): FieldPath | undefined {
  if (node.start === span.start && node.end === span.end) return []
  if (node.type === 'scalar') return undefined
  const children =
    node.type === 'seq'
      ? node.items.map((item, index) => [index, item] as const)
      : node.entries.map(({ key, value }) => [key, value] as const)
  for (const [segment, child] of children) {
    if (child.start > span.start || child.end < span.end) continue
    const below = pathOf(child, span)
    if (below) return [segment, ...below]
  }
  return undefined
}
