import { isEqual } from '../text/isEqual.js'
import type { YamlProblem } from '../yaml/node.js'
import type { DocumentSlice } from '../yaml/splitDocuments.js'
import { splitOf, wholeOf, type FileText } from '../yaml/splitText.js'
import type { BuildContext } from './buildContext.js'
import { EMPTY_DOCUMENT, type DocumentFacts, type ReadOptions } from './documentFacts.js'
import {
  isTextDocument,
  type BuildFile,
  type FileDocument,
  type FileFacts,
  type TextDocument,
} from './fileFacts.js'
import { isKustomizationFile } from './buildFileNames.js'
import { matchDocuments } from './matchDocuments.js'
import { fileName } from './paths.js'
import { readBuildDocument, readDocument } from './readDocument.js'
import { standInsOf } from './standIns.js'

export interface ReadFileOptions extends Pick<ReadOptions, 'intern' | 'currentName' | 'outlines'> {
  readonly context: BuildContext
  /** Keep the texts of the documents, so that unchanged ones are not read again. */
  readonly keepText: boolean
  readonly nextSerial: number
  /** Only for kustomizations and charts. */
  readonly buildFile: BuildFile | undefined
}

const VALUES_FILE = /values[^/]*\.ya?ml$/i
/**
 * Documents that are read of one file. Real files have some hundreds; a hundred thousand would take
 * seconds.
 */
const MAX_DOCUMENTS = 25_000
/**
 * Characters of a file, counted once for each path of kustomizations. Beyond it, the objects are read
 * as they are written.
 */
const MAX_BUILT = 10_000_000
/** A shorter document contains no object. */
const MIN_OBJECT_LENGTH = 20

/**
 * Reads a file. Never throws. A document is taken over from `previous` if its text, the kind of
 * file, and the names of the objects that it refers to are unchanged.
 */
export function readFile(
  file: string,
  text: FileText,
  options: ReadFileOptions,
  previous?: FileFacts,
): FileFacts {
  const { buildFile } = options
  const paths = options.context.kustomizationPaths.length
  const isTooLarge = paths > 1 && paths * wholeOf(text).length > MAX_BUILT
  const context = isTooLarge ? { ...options.context, kustomizationPaths: [] } : options.context
  const chartTemplate = context.inChartTemplates && wholeOf(text).includes('{{')
  let { nextSerial } = options
  const newSerial = (): number => nextSerial++
  const { slices, beyond } = withinLimit(splitOf(text).documents)
  const reader = new DocumentReader(
    file,
    { ...options, context },
    {
      chartTemplate,
      mayReuse: previous?.chartTemplate === chartTemplate,
    },
  )
  const matches = previous && matchDocuments(textDocumentsOf(previous), slices)
  const documents = slices.map((slice, index): FileDocument => {
    const before = matches?.[index]
    return reader.read(slice, before?.serial ?? newSerial(), before)
  })
  if (beyond) documents.push(notRead(beyond, newSerial(), BEYOND_LIMIT))
  if (isTooLarge) documents.push(notRead(slices.at(-1) ?? FIRST, newSerial(), NOT_BUILT))
  documents.push(...standInsOf(file, { text, context, buildFile, newSerial }))
  return {
    file,
    documents,
    kustomization: buildFile?.kustomization,
    chart: buildFile?.chart,
    nextSerial,
    context: options.context,
    foreignFiles: context.kustomizationPaths.length === 0 ? NO_FILES : foreignFilesOf(documents),
    chartTemplate,
    parsed: reader.parsed,
  }
}

/** Reads the documents of one version of a file. */
class DocumentReader {
  /** The number of documents that were not taken over. */
  parsed = 0
  readonly #readOptions: Omit<ReadOptions, 'document'>
  readonly #options: ReadFileOptions
  readonly #isKustomization: boolean
  readonly #mayReuse: boolean

  /**
   * @param mayReuse documents of the previous version may be taken over: they were read as the same
   * kind of file.
   */
  constructor(
    file: string,
    options: ReadFileOptions,
    { chartTemplate, mayReuse }: { readonly chartTemplate: boolean; readonly mayReuse: boolean },
  ) {
    const { context, intern, currentName, outlines } = options
    const { defaultNamespace, isIncluded, kustomizationPaths } = context
    this.#options = options
    this.#mayReuse = mayReuse
    this.#isKustomization = isKustomizationFile(file)
    this.#readOptions = {
      file,
      defaultNamespace,
      chartTemplate,
      helmValues: VALUES_FILE.test(fileName(file)),
      isIncluded,
      kustomizationPaths,
      intern,
      currentName,
      outlines,
    }
  }

  /** @param before the document of the previous version that this one continues. */
  read(
    { text, line, start }: DocumentSlice,
    serial: number,
    before: FileDocument | undefined,
  ): FileDocument {
    const { keepText } = this.#options
    const isUnchanged = this.#mayReuse && before?.text === text && this.#resolvesSame(before.facts)
    if (isUnchanged && keepText && before.line === line && before.start === start) return before
    if (!isUnchanged) this.parsed++
    const facts = isUnchanged
      ? before.facts
      : withEqualResources(before?.facts, this.#readFacts(text, serial))
    return { serial, line, start, standsFor: undefined, text: keepText ? text : undefined, facts }
  }

  #readFacts(text: string, document: number): DocumentFacts {
    if (this.#options.context.isPatch) return readBuildDocument(text)
    const facts = readDocument(text, { ...this.#readOptions, document })
    return this.#isKustomization && facts.resources.length === 0 ? readBuildDocument(text) : facts
  }

  /** Whether the references to objects that kustomizations rename have the same results. */
  #resolvesSame({ kustomized }: DocumentFacts): boolean {
    return (
      !kustomized ||
      kustomized.lookups.every(
        ({ key, expected, result }) => this.#options.currentName?.(key, expected) === result,
      )
    )
  }
}

const NO_FILES: ReadonlySet<string> = new Set()

function foreignFilesOf(documents: readonly FileDocument[]): ReadonlySet<string> {
  return new Set(
    documents.flatMap(({ facts }) =>
      facts.sources.flatMap(({ foreignFiles }) => [...foreignFiles]),
    ),
  )
}

/**
 * The new facts with the previous resources, if only the layout of the document changed. Then no
 * query about these resources is invalidated.
 */
function withEqualResources(
  before: DocumentFacts | undefined,
  facts: DocumentFacts,
): DocumentFacts {
  return before && isEqual(before.resources, facts.resources)
    ? { ...facts, resources: before.resources }
    : facts
}

function textDocumentsOf({ documents }: FileFacts): readonly FileDocument[] {
  const last = documents.at(-1)
  return last && !isTextDocument(last) ? documents.filter(isTextDocument) : documents
}

/** The documents that are read, and the first one beyond the limit. */
function withinLimit(slices: readonly DocumentSlice[]): {
  readonly slices: readonly DocumentSlice[]
  readonly beyond: DocumentSlice | undefined
} {
  let count = 0
  const end =
    slices.length <= MAX_DOCUMENTS
      ? -1
      : slices.findIndex(({ text }) => text.length >= MIN_OBJECT_LENGTH && ++count > MAX_DOCUMENTS)
  return end < 0
    ? { slices, beyond: undefined }
    : { slices: slices.slice(0, end), beyond: slices[end] }
}

const BEYOND_LIMIT = `The rest of this file is not read: it has more than ${MAX_DOCUMENTS} documents.`
const FIRST = { line: 0, start: 0 }
const NOT_BUILT = 'No kustomization is applied to this file: too many include it for its size.'

/** A document with a problem instead of its content, such as one for all documents beyond the limit. */
function notRead(
  { line, start }: Pick<DocumentSlice, 'line' | 'start'>,
  serial: number,
  message: string,
): TextDocument {
  const problem: YamlProblem = {
    message,
    span: { start: 0, end: 0 },
    isLimit: true,
  }
  return {
    serial,
    line,
    start,
    standsFor: undefined,
    text: undefined,
    facts: { ...EMPTY_DOCUMENT, problems: [problem] },
  }
}
