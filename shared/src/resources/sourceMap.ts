import type { LineStarts, Span } from '../text/lineIndex.js'
import { PackedNumbers } from '../text/packedNumbers.js'
import { entryOf, type FieldPath, type ForeignText, type PathSegment, type YamlNode } from '../yaml/node.js'

const FIELDS = 5

/** Where a field stands in its document's text. Spans are UTF-16 offsets relative to the document. */
export interface FieldSpans {
  /** Undefined for items of a sequence and for the object itself. */
  readonly key: Span | undefined
  readonly value: Span
  /** Whether the path itself was found; otherwise this is the nearest ancestor that was. */
  readonly exact: boolean
  /** The text that the spans speak of, where it is not the document's. */
  readonly foreign: ForeignText | undefined
}

const NONE: ReadonlyMap<number, ForeignText> = new Map()

/**
 * Field path → spans, for the fields that a decoder read. A compact table instead of the parser's tree: five numbers and one segment a field.
 * Row 0 is the object itself.
 */
export class SourceMap {
  readonly #segments: readonly PathSegment[]
  readonly #table: PackedNumbers
  /** Offsets at which the document's lines start. */
  readonly lineStarts: LineStarts
  readonly #foreign: ReadonlyMap<number, ForeignText>

  constructor(segments: readonly PathSegment[], table: PackedNumbers, texts: { readonly lineStarts: LineStarts; readonly foreign: ReadonlyMap<number, ForeignText> }) {
    this.#segments = segments
    this.#table = table
    this.lineStarts = texts.lineStarts
    this.#foreign = texts.foreign
  }

  /** The other files in which fields of the object stand. */
  get foreignFiles(): ReadonlySet<string> {
    return new Set([...this.#foreign.values()].map(({ file }) => file))
  }

  /** How many segments of a path lead to the innermost field that the document itself holds. */
  ownDepth(path: FieldPath): number {
    let row = 0
    for (const [depth, segment] of path.entries()) {
      row = this.#child(row, segment)
      if (row < 0 || this.#foreign.has(row)) return depth
    }
    return path.length
  }

  /** The spans of a field, or of its nearest ancestor that the document has. */
  find(path: FieldPath): FieldSpans {
    let row = 0
    for (const segment of path) {
      const child = this.#child(row, segment)
      if (child < 0) return this.#spans(row, false)
      row = child
    }
    return this.#spans(row, true)
  }

  /** The innermost field at an offset; `[]` where no field of the object is there, undefined outside the object. */
  pathAt(offset: number): FieldPath | undefined {
    if (!this.#covers(0, offset)) return undefined
    const path: PathSegment[] = []
    for (let row = this.#childAt(0, offset); row > 0; row = this.#childAt(row, offset)) path.push(this.#segments[row] ?? '')
    return path
  }

  #childAt(parent: number, offset: number): number {
    let found = -1
    for (let row = parent + 1; row < this.#segments.length; row++) {
      if (this.#table.at(row * FIELDS) === parent && this.#covers(row, offset)) found = row
    }
    return found
  }

  #covers(row: number, offset: number): boolean {
    const { key, value, foreign } = this.#spans(row, true)
    if (foreign) return false
    return offset >= (key ?? value).start && offset <= Math.max(value.end, key?.end ?? 0)
  }

  #child(parent: number, segment: PathSegment): number {
    for (let row = parent + 1; row < this.#segments.length; row++) {
      if (this.#table.at(row * FIELDS) === parent && String(this.#segments[row]) === String(segment)) return row
    }
    return -1
  }

  #spans(row: number, exact: boolean): FieldSpans {
    const at = (column: number): number => this.#table.at(row * FIELDS + column) ?? 0
    const key = at(1) < 0 ? undefined : { start: at(1), end: at(2) }
    return { key, value: { start: at(3), end: at(4) }, exact, foreign: this.#foreign.get(row) }
  }
}

/** Collects the rows of a `SourceMap` while an object is decoded. */
export class SourceMapBuilder {
  readonly #segments: PathSegment[] = []
  readonly #rows: number[] = []
  #foreign: Map<number, ForeignText> | undefined

  /** Adds a field and returns its row, the parent of its own fields. */
  add(parent: number, segment: PathSegment, spans: { key?: Span; value: Span & { readonly foreign?: ForeignText } }): number {
    if (spans.value.foreign) (this.#foreign ??= new Map<number, ForeignText>()).set(this.#segments.length, spans.value.foreign)
    this.#segments.push(segment)
    this.#rows.push(parent, spans.key?.start ?? -1, spans.key?.end ?? -1, spans.value.start, spans.value.end)
    return this.#segments.length - 1
  }

  /** Adds the fields of a path that no decoder read, as far as the object has them. */
  record(root: YamlNode, path: FieldPath): void {
    let node = root
    let row = 0
    for (const segment of path) {
      const entry = entryOf(node, String(segment))
      const value = node.type === 'seq' ? node.items[Number(segment)] : entry?.value
      if (!value) return
      const known = this.#child(row, segment)
      row = known >= 0 ? known : this.add(row, segment, entry ? { key: entry.keySpan, value } : { value })
      node = value
    }
  }

  #child(parent: number, segment: PathSegment): number {
    return this.#segments.findIndex((candidate, row) => row > 0 && this.#rows[row * FIELDS] === parent && candidate === segment)
  }

  build(lineStarts: LineStarts): SourceMap {
    return new SourceMap(this.#segments.slice(), new PackedNumbers(this.#rows), { lineStarts, foreign: this.#foreign ?? NONE })
  }
}
