import type { YamlProblem } from '../yaml/node.js'
import { equal } from '../text/equal.js'
import { lineStartsOf } from '../text/lineIndex.js'
import type { DocumentSlice } from '../yaml/splitDocuments.js'
import { splitOf, wholeOf, type FileText } from '../yaml/splitText.js'
import type { DocumentFacts, ReadOptions } from './documentFacts.js'
import { readContextDocument, readDocument } from './readDocument.js'
import { isChartFile, readChartRelease, type Chart } from './chart.js'
import { isKustomizationFile, type Kustomization } from './kustomization.js'
import type { Resource } from './resource.js'
import { SourceMapBuilder } from './sourceMap.js'
import { FILLS_NOTHING } from './otherObject.js'
import { fileName } from './paths.js'
import type { FilePlacement } from './placement.js'

/** A document with its place in the file. */
export interface PlacedDocument {
  /** Stable while other documents of the file change; `Origin.document` of its resources. */
  readonly serial: number
  /** Zero-based line in the file. */
  readonly line: number
  /** UTF-16 offset in the file. */
  readonly start: number
  /** Kept for files that are being edited, so that unchanged documents need no second reading. */
  readonly text: string | undefined
  readonly facts: DocumentFacts
}

/** Whether a document is one of a file that an editor has open. */
export function isEdited({ text }: PlacedDocument): boolean {
  return text !== undefined
}

/** Everything one file tells. */
export interface FileFacts {
  readonly file: string
  readonly documents: readonly PlacedDocument[]
  readonly kustomization: Kustomization | undefined
  readonly chart: Chart | undefined
  /** The serial number that the next new document gets. */
  readonly nextSerial: number
  /** What the reading depended on beside the text. */
  readonly placement: FilePlacement
  /** The other files in which something of its objects stands; empty where no kustomization has a part in them. */
  readonly foreignFiles: ReadonlySet<string>
  /** Whether it was read as a chart's template: one action anywhere makes every document one. */
  readonly chartTemplate: boolean
  /** Documents read for this version, not taken over from the version before. */
  readonly parsed: number
}

export interface ReadFileOptions extends Pick<ReadOptions, 'intern' | 'nameNow' | 'outlines'> {
  readonly placement: FilePlacement
  /** Keep the documents' texts for the next reading. */
  readonly keepText: boolean
  readonly nextSerial: number
  /** What the file says of others, where it is one that does. */
  readonly speaking: Pick<FileFacts, 'kustomization' | 'chart'> | undefined
}

const VALUES_FILE = /values[^/]*\.ya?ml$/i

/** Of a file; real ones have some hundreds, and a hundred thousand would hold up everything else for seconds. */
const MAX_DOCUMENTS = 25_000
/** Shorter ones hold no object. */
const MIN_OBJECT_LENGTH = 20

/** Reads a file, taking over from `previous` what did not change. Never throws. */
export function readFile(
  file: string,
  text: FileText,
  options: ReadFileOptions,
  previous?: FileFacts,
): FileFacts {
  const { placement, intern, nameNow, outlines } = options
  const { defaultNamespace, chains } = placement
  const helmValues = VALUES_FILE.test(fileName(file))
  const isContext = isKustomizationFile(file)
  const { slices, beyond } = withinLimit(splitOf(text).documents)
  const chartTemplate = placement.inChartTemplates && wholeOf(text).includes('{{')
  const read = (slice: DocumentSlice, document: number): DocumentFacts => {
    if (placement.isPatch) return readContextDocument(slice.text)
    const facts = readDocument(slice.text, {
      file,
      document,
      defaultNamespace,
      chartTemplate,
      helmValues,
      chains,
      intern,
      nameNow,
      outlines,
    })
    return isContext && facts.resources.length === 0 ? readContextDocument(slice.text) : facts
  }
  const kept = previous && inOrder(matchDocuments(previous.documents, slices))
  let { nextSerial } = options
  let parsed = 0
  const documents = slices.map((slice, index): PlacedDocument => {
    const before = kept?.[index]
    const serial = before?.serial ?? nextSerial++
    const keeps =
      before?.text === slice.text &&
      previous?.chartTemplate === chartTemplate &&
      holdsStill(before.facts, options)
    if (keeps && options.keepText && before.line === slice.line && before.start === slice.start)
      return before
    if (!keeps) parsed++
    const facts = keeps ? before.facts : withEqualObjects(before?.facts, read(slice, serial))
    return {
      serial,
      line: slice.line,
      start: slice.start,
      text: options.keepText ? slice.text : undefined,
      facts,
    }
  })
  if (beyond) documents.push(unread(beyond, nextSerial++))
  const { kustomization, chart } = options.speaking ?? {}
  const release = isChartFile(file) ? readChartRelease(file, wholeOf(text), nextSerial) : undefined
  if (release)
    documents.push({ serial: nextSerial++, line: 0, start: 0, text: undefined, facts: release })
  if (placement.includesRemote || chart?.hasDependencies === true)
    documents.push(elsewhere(file, nextSerial++, undefined))
  if (placement.changesUnseen) documents.push(elsewhere(file, nextSerial++, FILLS_NOTHING))
  const foreignFiles =
    placement.chains.length === 0
      ? NO_FILES
      : new Set(
          documents.flatMap(({ facts }) =>
            facts.sources.flatMap((source) => [...source.foreignFiles]),
          ),
        )
  return {
    file,
    documents,
    kustomization,
    chart,
    nextSerial,
    placement,
    foreignFiles,
    chartTemplate,
    parsed,
  }
}

const NO_FILES: ReadonlySet<string> = new Set()

/**
 * New facts with the old objects, where a document says the same as before but for its layout: whoever depends on an object need not be judged again.
 */
function withEqualObjects(before: DocumentFacts | undefined, facts: DocumentFacts): DocumentFacts {
  return before && equal(before.resources, facts.resources)
    ? { ...facts, resources: before.resources }
    : facts
}

/** Whether every name that the objects of a document asked for is the same now. */
function holdsStill({ derived }: DocumentFacts, options: ReadFileOptions): boolean {
  return (
    !derived ||
    derived.asks.every(({ key, likely, answer }) => options.nameNow?.(key, likely) === answer)
  )
}

/** The documents that are read, and the first that is not. */
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

/** Stands for the documents beyond the limit, and says so. */
function unread({ line, start }: DocumentSlice, serial: number): PlacedDocument {
  const problem: YamlProblem = {
    message: `The rest of this file is not read: it has more than ${MAX_DOCUMENTS} documents.`,
    span: { start: 0, end: 0 },
    isLimit: true,
  }
  return {
    serial,
    line,
    start,
    text: undefined,
    facts: {
      resources: [],
      sources: [],
      problems: [problem],
      suppressions: [],
      debris: [],
      opaqueKind: undefined,
      lineStarts: lineStartsOf(''),
    },
  }
}

/**
 * Stands for what the file brings from elsewhere: objects of a remote kustomize base or a chart dependency, in whatever namespace; or labels alone, which
 * fill nothing.
 */
function elsewhere(file: string, document: number, fills: string | undefined): PlacedDocument {
  const resource: Resource = {
    type: 'Other',
    kind: 'Remote',
    apiVersion: '',
    group: '',
    name: '',
    namespace: '',
    namespaceSource: 'cluster',
    fills,
    labels: undefined,
    annotations: undefined,
    origin: { file, document, ordinal: 0 },
    problems: [],
    placeholders: [],
  }
  const lineStarts = lineStartsOf('')
  const facts = {
    resources: [resource],
    sources: [new SourceMapBuilder().build(lineStarts)],
    problems: [],
    suppressions: [],
    debris: [],
    opaqueKind: undefined,
    lineStarts,
  }
  return { serial: document, line: 0, start: 0, text: undefined, facts }
}

/** Without what follows a new document: serial numbers rise with the text, and so does the order of objects, whatever was typed first. */
function inOrder(
  kept: readonly (PlacedDocument | undefined)[],
): readonly (PlacedDocument | undefined)[] {
  const firstNew = kept.indexOf(undefined)
  return firstNew < 0 ? kept : kept.slice(0, firstNew)
}

/**
 * Which document of the version before each slice continues: equal texts from the front and from the back; where as many are left on both sides,
 * those in between, one by one.
 */
function matchDocuments(
  before: readonly PlacedDocument[],
  slices: readonly DocumentSlice[],
): (PlacedDocument | undefined)[] {
  const result: (PlacedDocument | undefined)[] = slices.map(() => undefined)
  const shorter = Math.min(before.length, slices.length)
  let front = 0
  while (front < shorter && before[front]?.text === slices[front]?.text) {
    result[front] = before[front]
    front++
  }
  let back = 0
  while (
    back < shorter - front &&
    before[before.length - 1 - back]?.text === slices[slices.length - 1 - back]?.text
  ) {
    back++
    result[slices.length - back] = before[before.length - back]
  }
  if (before.length === slices.length)
    for (let index = front; index < slices.length - back; index++) result[index] = before[index]
  return result
}
