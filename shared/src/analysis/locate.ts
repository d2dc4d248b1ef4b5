import type { DocumentFacts } from '../resources/documentFacts.js'
import type { FileFacts, PlacedDocument } from '../resources/readFile.js'
import type { FieldSpans } from '../resources/sourceMap.js'
import {
  positionAt,
  rangeOf,
  shiftRange,
  type LineStarts,
  type Range,
  type Span,
} from '../text/lineIndex.js'
import type { Finding, Place } from '../rules/finding.js'

/** Where something stands in the present text of a file. */
export interface Located {
  readonly file: string
  readonly range: Range
}

/** A finding with where it stands in its file and what it points at, as far as that is there. */
export interface PlacedFinding {
  readonly finding: Finding
  readonly range: Range
  readonly related: readonly (Located & { readonly message: string })[]
}

/** Findings with their places, and the documents on which these rest. */
export interface PlacedFindings {
  readonly findings: readonly PlacedFinding[]
  readonly anchors: readonly Anchor[]
}

/** A document as it was, where it was. */
interface Anchor {
  readonly file: string
  readonly index: number
  readonly facts: DocumentFacts
  readonly line: number
}

/** Turns places of objects and of texts into ranges: the one that does. */
export class FindingLocator {
  readonly #files: ReadonlyMap<string, FileFacts>

  constructor(files: ReadonlyMap<string, FileFacts>) {
    this.#files = files
  }

  /** The document of a serial number; undefined where it is gone. */
  documentOf(file: string, serial: number): PlacedDocument | undefined {
    return this.#files.get(file)?.documents[this.#indexOf(file, serial)]
  }

  /** Where a place stands now; undefined where its document is gone. */
  locate(place: Place): Located | undefined {
    const document = this.documentOf(fileOf(place), serialOf(place))
    return document && locateIn(document, place)
  }

  /** The findings of a file that have a place in it. What is said twice of one place in the same words is there once. */
  place(findings: readonly Finding[], file: string): PlacedFindings {
    const anchors = new Map<DocumentFacts, Anchor>()
    const locate = (place: Place): Located | undefined => {
      const index = this.#indexOf(fileOf(place), serialOf(place))
      const document = this.#files.get(fileOf(place))?.documents[index]
      if (!document) return undefined
      anchors.set(document.facts, {
        file: fileOf(place),
        index,
        facts: document.facts,
        line: document.line,
      })
      return locateIn(document, place)
    }
    const placed = new Map<string, PlacedFinding>()
    for (const finding of findings) {
      const located = locate(finding.place)
      const said = located?.file === file ? findingKey(finding, located.range) : undefined
      if (!located || said === undefined || placed.has(said)) continue
      const related = finding.related.flatMap(({ place, message }) => {
        const there = locate(place)
        return there ? [{ ...there, message }] : []
      })
      placed.set(said, { finding, range: located.range, related })
    }
    return { findings: [...placed.values()], anchors: [...anchors.values()] }
  }

  /** Whether the places of findings are still the same. */
  stand({ anchors }: PlacedFindings): boolean {
    return anchors.every(({ file, index, facts, line }) => {
      const document = this.#files.get(file)?.documents[index]
      return document?.facts === facts && document.line === line
    })
  }

  /** Serial numbers rise with the text; a file may have ten thousand documents, and each finding asks for one. */
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

/** Findings of one key say the same of the same place. */
export function findingKey({ rule, message }: Finding, { start, end }: Range): string {
  return `${start.line} ${start.character} ${end.line} ${end.character} ${rule} ${message}`
}

function fileOf(place: Place): string {
  return place.kind === 'field' ? place.resource.origin.file : place.file
}

function serialOf(place: Place): number {
  return place.kind === 'field' ? place.resource.origin.document : place.document
}

function locateIn({ facts, line }: PlacedDocument, place: Place): Located | undefined {
  if (place.kind !== 'field')
    return { file: place.file, range: shiftRange(rangeOf(facts.lineStarts, place.span), line) }
  const source = facts.sources[place.resource.origin.ordinal]
  if (!source) return undefined
  const found = source.find(place.path)
  if (found.foreign)
    return {
      file: found.foreign.file,
      range: rangeOf(found.foreign.lineStarts, spanOf(found, place, found.foreign.lineStarts)),
    }
  return {
    file: place.resource.origin.file,
    range: shiftRange(rangeOf(source.lineStarts, spanOf(found, place, source.lineStarts)), line),
  }
}

function spanOf(
  found: FieldSpans,
  place: Extract<Place, { kind: 'field' }>,
  lineStarts: LineStarts,
): Span {
  return place.path.length === 0 || (place.on === 'value' && found.exact) || !found.key
    ? firstLineOf(found.value, lineStarts)
    : found.key
}

/** A mapping or list is pointed at by its first line. */
function firstLineOf(span: Span, lineStarts: LineStarts): Span {
  const nextLine = lineStarts.at(positionAt(lineStarts, span.start).line + 1)
  return nextLine !== undefined && nextLine <= span.end
    ? { start: span.start, end: nextLine - lineStarts.breakLength }
    : span
}
