import { isTextDocument, type FileFacts, type TextDocument } from '../resources/fileFacts.js'
import { readDocument } from '../resources/readDocument.js'
import type { Resource } from '../resources/resource.js'
import { isEqual } from '../text/isEqual.js'
import { splitDocuments, type DocumentSlice } from '../yaml/splitDocuments.js'
import type { Analysis } from './analysis.js'

interface SplitFile {
  readonly facts: FileFacts
  readonly text: string
  /** By serial number. */
  readonly documents: ReadonlyMap<number, readonly [TextDocument, DocumentSlice]>
}

/** The present texts of documents, as long as they are what the analysis read. */
export class DocumentTexts {
  readonly #analysis: Analysis
  readonly #readText: (file: string) => string | undefined
  /** The last file: one with many documents is not split again for each fix. */
  #last: SplitFile | undefined

  constructor(analysis: Analysis, readText: (file: string) => string | undefined) {
    this.#analysis = analysis
    this.#readText = readText
  }

  /**
   * Undefined if the text is different from what the analysis read, so that edits would be wrong.
   */
  get(file: string, serial: number): DocumentSlice | undefined {
    const splitFile = this.#split(file)
    const [document, slice] = splitFile?.documents.get(serial) ?? []
    if (!splitFile || !document || slice?.start !== document.start) return undefined
    const buildFileText = this.#analysis.buildFileText(file)
    const isCurrent =
      buildFileText === undefined
        ? isUnchanged(document, slice, splitFile.facts)
        : buildFileText === splitFile.text
    return isCurrent ? slice : undefined
  }

  #split(file: string): SplitFile | undefined {
    const text = this.#readText(file)
    const facts = this.#analysis.files.get(file)
    if (text === undefined || !facts) return undefined
    if (this.#last?.facts !== facts || this.#last.text !== text)
      this.#last = { facts, text, documents: pairDocuments(facts, splitDocuments(text)) }
    return this.#last
  }
}

/** Each document with its present text; empty if their number is different now. */
function pairDocuments(facts: FileFacts, slices: readonly DocumentSlice[]): SplitFile['documents'] {
  const documents = facts.documents.filter(isTextDocument)
  if (documents.length !== slices.length) return new Map()
  return new Map(
    slices.flatMap((slice, index) => {
      const document = documents[index]
      return document ? [[document.serial, [document, slice]] as const] : []
    }),
  )
}

/**
 * Whether a document still has the text that was read. If the text was not kept, it is read again
 * and the results are compared.
 */
function isUnchanged(
  { serial, text, facts }: TextDocument,
  slice: DocumentSlice,
  { context }: FileFacts,
): boolean {
  if (text !== undefined) return text === slice.text
  const [first] = facts.resources
  if (!first) return false
  const now = readDocument(slice.text, {
    file: first.origin.file,
    document: serial,
    defaultNamespace: defaultNamespaceOf(facts.resources),
    chartTemplate: false,
    helmValues: first.type === 'MeshConfig' && first.kind === 'HelmValues',
    isIncluded: context.isIncluded,
    kustomizationPaths: context.kustomizationPaths,
    currentName: (key, expected) =>
      facts.kustomized?.lookups.find((lookup) => lookup.key === key && lookup.expected === expected)
        ?.result,
    intern: (string) => string,
  })
  return (
    isEqual(now.resources, facts.resources) &&
    isEqual(now.debris, facts.debris) &&
    now.lineStarts.equals(facts.lineStarts)
  )
}

/** The default namespace with which resources were read. */
function defaultNamespaceOf(
  resources: readonly Resource[],
): Parameters<typeof readDocument>[1]['defaultNamespace'] {
  const withDefault = resources.find(
    ({ namespaceSource }) => namespaceSource === 'kustomization' || namespaceSource === 'unnamed',
  )
  return {
    namespace: withDefault?.namespace ?? '',
    source: withDefault?.namespaceSource ?? 'unnamed',
  }
}
