import type { Analysis } from '../analysis/analysis.js'
import {
  lineStartsOf,
  offsetAt,
  rangeCovers,
  rangeOf,
  type LineStarts,
  type Position,
  type Range,
  type Span,
} from '../text/lineIndex.js'
import type { PlacedMention } from './mention.js'
import { mentionsIn } from './mentions.js'

/** A mention with its place in a file. */
export interface MentionPlace {
  readonly mention: PlacedMention
  readonly file: string
  readonly range: Range
  /** The text of the range is the name itself, so a rename can replace it. */
  readonly literal: boolean
}

/** Finds the places of mentions in the current texts. For one request only: it caches the texts. */
export class MentionPlaces {
  readonly #analysis: Analysis
  readonly #textOf: (file: string) => string | undefined
  readonly #texts = new Map<
    string,
    { readonly text: string; readonly lineStarts: LineStarts } | undefined
  >()

  constructor(analysis: Analysis, textOf: (file: string) => string | undefined) {
    this.#analysis = analysis
    this.#textOf = textOf
  }

  /** Undefined if the file is gone, and for a default that is not written, such as the service account `default`. */
  of(mention: PlacedMention): MentionPlace | undefined {
    const source = this.#analysis.documentOf(mention.resource)?.facts.sources[
      mention.resource.origin.ordinal
    ]
    if (source?.find(mention.path).exact !== true) return undefined
    const found = this.#analysis.locate({
      kind: 'field',
      resource: mention.resource,
      path: mention.path,
      on: 'value',
    })
    if (!found) return undefined
    const known = this.#text(found.file)
    const span =
      known &&
      narrowed(
        known.text,
        {
          start: offsetAt(known.lineStarts, found.range.start),
          end: offsetAt(known.lineStarts, found.range.end),
        },
        mention,
      )
    if (!known || !span) return { mention, ...found, literal: false }
    return { mention, file: found.file, range: rangeOf(known.lineStarts, span), literal: true }
  }

  /** The mentions in a file. */
  in(file: string): MentionPlace[] {
    return this.#resources(file)
      .flatMap((resource) =>
        this.#analysis.mesh
          .get(mentionsIn, resource)
          .flatMap((mention) => this.of({ ...mention, resource }) ?? []),
      )
      .filter((place) => place.file === file)
  }

  /** The mentions at a position; the key of a label counts as the label. Several if one field names several things. */
  at(file: string, position: Position): MentionPlace[] {
    return this.#resources(file, position.line).flatMap((resource) =>
      this.#analysis.mesh.get(mentionsIn, resource).flatMap((mention) => {
        const placed = { ...mention, resource }
        const place = this.of(placed)
        if (place?.file !== file) return []
        if (rangeCovers(place.range, position)) return [place]
        const key =
          mention.thing.kind === 'Label'
            ? this.#analysis.locate({ kind: 'field', resource, path: mention.path, on: 'key' })
            : undefined
        return key && rangeCovers(key.range, position) ? [place] : []
      }),
    )
  }

  #resources(file: string, line?: number) {
    const documents = this.#analysis.files.get(file)?.documents ?? []
    const wanted =
      line === undefined
        ? documents
        : documents.filter((document) => document.line <= line).slice(-1)
    return wanted.flatMap(({ facts }) => facts.resources)
  }

  #text(file: string) {
    if (!this.#texts.has(file)) {
      const text = this.#textOf(file)
      this.#texts.set(
        file,
        text === undefined ? undefined : { text, lineStarts: lineStartsOf(text) },
      )
    }
    return this.#texts.get(file)
  }
}

function narrowed(text: string, span: Span, { thing, part }: PlacedMention): Span | undefined {
  const name = thing.kind === 'Label' ? thing.name.slice(thing.name.indexOf('=') + 1) : thing.name
  return spanOfName(text, span, { name, part })
}

/** A name within the text of its value, which may be quoted or anchored. Undefined if it is not written literally. */
export function spanOfName(
  text: string,
  value: Span,
  { name, part }: { readonly name: string; readonly part: Span | undefined },
): Span | undefined {
  const written = text.slice(value.start, value.end)
  const bare = /^(['"])(.*)\1$/s.exec(written)?.[2]
  const content = bare ?? written
  const start = value.start + (bare === undefined ? 0 : 1) + (part?.start ?? 0)
  const length = part ? part.end - part.start : content.length
  return text.slice(start, start + length) === name ? { start, end: start + length } : undefined
}
