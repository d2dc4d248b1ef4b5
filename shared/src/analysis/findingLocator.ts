import type { DocumentFacts } from '../resources/documentFacts.js'
import type { FileFacts, FileDocument } from '../resources/fileFacts.js'
import type { FieldSpans, SourceMap } from '../resources/sourceMap.js'
import {
  positionAt,
  rangeOf,
  shiftRange,
  type LineStarts,
  type Range,
  type Span,
} from '../text/lineIndex.js'
import type { Finding, Place } from '../rules/finding.js'
import type { FieldPath } from '../yaml/node.js'

/** A range in the present text of a file. */
export interface Location {
  readonly file: string
  readonly range: Range
}

/** A finding with its range, and the locations of the related facts that are in the files. */
export interface LocatedFinding {
  readonly finding: Finding
  readonly range: Range
  readonly related: readonly (Location & { readonly message: string })[]
}

/** Findings with their ranges, and the documents that these depend on. */
export interface LocatedFindings {
  readonly findings: readonly LocatedFinding[]
  readonly anchors: readonly Anchor[]
}

/** A document with the position that it had. */
interface Anchor {
  readonly file: string
  readonly index: number
  readonly facts: DocumentFacts
  readonly line: number
}

/** The last field that was located in an object, and its range. */
interface Found {
  readonly path: FieldPath
  readonly spans: FieldSpans
  readonly on: FieldPlace['on']
  /** The file of the object, and the line of its document. */
  readonly file: string
  readonly line: number
  readonly location: Location
}

type FieldPlace = Extract<Place, { kind: 'field' }>

/** The fields that are remembered. */
const MOST_FOUND = 1_000

/**
 * Maps places, which are fields of objects or spans of documents, to ranges. Nothing else does
 * this.
 */
export class FindingLocator {
  readonly #files: ReadonlyMap<string, FileFacts>
  /** Many findings point to the same field of an object, and share its location. */
  readonly #found = new Map<SourceMap, Found>()

  constructor(files: ReadonlyMap<string, FileFacts>) {
    this.#files = files
  }

  /** The document with a serial number; undefined if it no longer exists. */
  documentOf(file: string, serial: number): FileDocument | undefined {
    return this.#files.get(file)?.documents[this.#indexOf(file, serial)]
  }

  /** The present location of a place; undefined if its document no longer exists. */
  locate(place: Place): Location | undefined {
    const document = this.documentOf(fileOf(place), serialOf(place))
    return document && this.#locateIn(document, place)
  }

  /**
   * The findings that are located in a file. Findings with the same rule, message and range are
   * there once.
   */
  locateAll(findings: readonly Finding[], file: string): LocatedFindings {
    const anchors = new Map<DocumentFacts, Anchor>()
    const locate = (place: Place): Location | undefined => {
      const file = fileOf(place)
      const index = this.#indexOf(file, serialOf(place))
      const document = this.#files.get(file)?.documents[index]
      if (!document) return undefined
      const { facts, line } = document
      if (!anchors.has(facts)) anchors.set(facts, { file, index, facts, line })
      return this.#locateIn(document, place)
    }
    const byKey = new Map<string, LocatedFinding>()
    for (const finding of findings) {
      const location = locate(finding.place)
      if (location?.file !== file) continue
      const key = findingKey(finding, location.range)
      if (byKey.has(key)) continue
      const related = finding.related.flatMap(({ place, message }) => {
        const relatedLocation = locate(place)
        return relatedLocation ? [{ ...relatedLocation, message }] : []
      })
      byKey.set(key, { finding, range: location.range, related })
    }
    return { findings: [...byKey.values()], anchors: [...anchors.values()] }
  }

  /** Whether the ranges of findings are still the same. */
  areUnmoved({ anchors }: LocatedFindings): boolean {
    return anchors.every(({ file, index, facts, line }) => {
      const document = this.#files.get(file)?.documents[index]
      return document?.facts === facts && document.line === line
    })
  }

  #locateIn({ facts, line }: FileDocument, place: Place): Location | undefined {
    if (place.kind !== 'field')
      return { file: place.file, range: shiftRange(rangeOf(facts.lineStarts, place.span), line) }
    const source = facts.sources[place.resource.origin.ordinal]
    if (!source) return undefined
    return this.#find(source, place, line).location
  }

  #find(source: SourceMap, place: FieldPlace, line: number): Found {
    const { path, on } = place
    const { file } = place.resource.origin
    const known = this.#found.get(source)
    const isKnown = known !== undefined && isSamePath(known.path, path)
    if (isKnown && known.line === line && known.on === on && known.file === file) return known
    const spans = isKnown ? known.spans : source.find(path)
    const location = locationOf(place, { spans, source, line })
    const found = { path, spans, on, file, line, location }
    if (this.#found.size >= MOST_FOUND) this.#found.clear()
    this.#found.set(source, found)
    return found
  }

  /**
   * Binary search: serial numbers rise with the position in the file, which may have ten thousand
   * documents.
   */
  #indexOf(file: string, serial: number): number {
    const documents = this.#files.get(file)?.documents ?? []
    let [low, high] = [0, documents.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((documents[middle]?.serial ?? Infinity) < serial) low = middle + 1
      else high = middle
    }
    return documents[low]?.serial === serial ? low : -1
  }
}

/** Equal for two findings with the same rule, message and range. */
export function findingKey({ rule, message }: Finding, { start, end }: Range): string {
  return `${start.line} ${start.character} ${end.line} ${end.character} ${rule} ${message}`
}

function locationOf(
  place: FieldPlace,
  { spans, source, line }: Pick<Found, 'spans' | 'line'> & { readonly source: SourceMap },
): Location {
  const { foreign } = spans
  if (foreign)
    return {
      file: foreign.file,
      range: rangeOf(foreign.lineStarts, spanOf(spans, place, foreign.lineStarts)),
    }
  const range = rangeOf(source.lineStarts, spanOf(spans, place, source.lineStarts))
  return { file: place.resource.origin.file, range: shiftRange(range, line) }
}

function isSamePath(a: FieldPath, b: FieldPath): boolean {
  return a === b || (a.length === b.length && a.every((segment, depth) => segment === b[depth]))
}

function fileOf(place: Place): string {
  return place.kind === 'field' ? place.resource.origin.file : place.file
}

function serialOf(place: Place): number {
  return place.kind === 'field' ? place.resource.origin.document : place.document
}

function spanOf(found: FieldSpans, place: FieldPlace, lineStarts: LineStarts): Span {
  return place.path.length === 0 || (place.on === 'value' && found.exact) || !found.key
    ? firstLineOf(found.value, lineStarts)
    : found.key
}

/** The first line of a mapping or list that has several. */
function firstLineOf(span: Span, lineStarts: LineStarts): Span {
  const nextLine = lineStarts.at(positionAt(lineStarts, span.start).line + 1)
  return nextLine !== undefined && nextLine <= span.end
    ? { start: span.start, end: nextLine - lineStarts.breakLength }
    : span
}
