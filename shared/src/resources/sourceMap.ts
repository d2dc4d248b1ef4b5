import type { LineStarts, Span } from '../text/lineIndex.js'
import { packed, unpacked } from '../text/smallNumbers.js'
import { entryOf, type FieldPath, type ForeignText, type PathSegment, type YamlEntry, type YamlNode } from '../yaml/node.js'
import { Outlines, type Outline } from './outline.js'

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
 * Field path → spans, for the fields that a decoder read. Instead of the parser's tree: an outline, which objects with the same fields share, and the spans,
 * which they do not. Row 0 is the object itself.
 */
export class SourceMap {
  /** The last row. */
  readonly #outline: Outline
  /** Of each row with a key: how far its key stands behind the value of the row before, how much longer it is than its name, and the value likewise. */
  readonly #spans: string
  /** Offsets at which the document's lines start. */
  readonly lineStarts: LineStarts
  readonly #foreign: ReadonlyMap<number, ForeignText>

  constructor(outline: Outline, spans: string, texts: { readonly lineStarts: LineStarts; readonly foreign: ReadonlyMap<number, ForeignText> }) {
    this.#outline = outline
    this.#spans = spans
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
      row = childOf(this.#outline, row, segment)
      if (row < 0 || this.#foreign.has(row)) return depth
    }
    return path.length
  }

  /** The spans of a field, or of its nearest ancestor that the document has. */
  find(path: FieldPath): FieldSpans {
    let row = 0
    for (const segment of path) {
      const child = childOf(this.#outline, row, segment)
      if (child < 0) return this.#fieldAt(row, false)
      row = child
    }
    return this.#fieldAt(row, true)
  }

  #fieldAt(row: number, exact: boolean): FieldSpans {
    const { key, value } = this.#rows()[row] ?? NOWHERE
    return { key, value, exact, foreign: this.#foreign.get(row) }
  }

  /** The innermost field at an offset; `[]` where no field of the object is there, undefined outside the object. */
  pathAt(offset: number): FieldPath | undefined {
    const rows = this.#rows()
    const covers = ({ key, value }: Row, row: number): boolean => !this.#foreign.has(row) && offset >= (key ?? value).start && offset <= Math.max(value.end, key?.end ?? 0)
    if (!covers(rows[0] ?? NOWHERE, 0)) return undefined
    const path: PathSegment[] = []
    for (let at = 0; at >= 0;) {
      at = rows.findLastIndex((candidate, row) => row > 0 && candidate.parent === at && covers(candidate, row))
      if (at > 0) path.push(rows[at]?.segment ?? '')
    }
    return path
  }

  #rows(): Row[] {
    const fields = fieldsOf(this.#outline)
    const numbers = unpacked(this.#spans)
    let next = 0
    let before = 0
    const span = (from: number, length: number): Span => {
      const start = from + (numbers[next++] ?? 0)
      return { start, end: start + length + (numbers[next++] ?? 0) }
    }
    return fields.map(({ parent, segment }, row) => {
      const key = hasKey(row, segment) ? span(before, segment.length) : undefined
      const value = span(key?.end ?? before, 0)
      before = value.start
      return { parent, segment, key, value }
    })
  }
}

interface Row extends Pick<FieldSpans, 'key' | 'value'> {
  readonly parent: number
  readonly segment: PathSegment
}

const NOWHERE: Row = { parent: -1, segment: '', key: undefined, value: { start: 0, end: 0 } }

/** The object itself has none, and no item of a sequence. */
function hasKey(row: number, segment: PathSegment): segment is string {
  return row > 0 && typeof segment === 'string'
}

function fieldsOf(last: Outline): Outline[] {
  const fields: Outline[] = []
  for (let field: Outline | undefined = last; field; field = field.before) fields.push(field)
  return fields.reverse()
}

/** The first row of a name below another. */
function childOf(last: Outline, parent: number, segment: PathSegment): number {
  let found = -1
  for (let field: Outline | undefined = last; field && field.row > parent; field = field.before) {
    if (field.parent === parent && (field.segment === segment || String(field.segment) === String(segment))) found = field.row
  }
  return found
}

/** Collects the rows of a `SourceMap` while an object is decoded. */
export class SourceMapBuilder {
  readonly #outlines: Outlines
  #outline: Outline
  readonly #numbers: number[] = []
  /** Where the value of the last row starts. */
  #before = 0
  #foreign: Map<number, ForeignText> | undefined

  constructor(outlines = new Outlines()) {
    this.#outlines = outlines
    this.#outline = outlines.object
  }

  /** Places the object itself: row 0. To be called before anything else. */
  addObject(value: YamlNode): number {
    return this.#place(value, this.#before)
  }

  /** Adds a field and returns its row, the parent of its own fields. */
  addEntry(parent: number, name: string, { keySpan, value }: YamlEntry): number {
    this.#outline = this.#outlines.with(this.#outline, parent, name)
    this.#numbers.push(keySpan.start - this.#before, keySpan.end - keySpan.start - name.length)
    return this.#place(value, keySpan.end)
  }

  addItem(parent: number, index: number, item: YamlNode): number {
    this.#outline = this.#outlines.with(this.#outline, parent, index)
    return this.#place(item, this.#before)
  }

  #place({ start, end, foreign }: YamlNode, from: number): number {
    const { row } = this.#outline
    if (foreign) (this.#foreign ??= new Map<number, ForeignText>()).set(row, foreign)
    this.#numbers.push(start - from, end - start)
    this.#before = start
    return row
  }

  /** Adds the fields of a path that no decoder read, as far as the object has them. */
  record(root: YamlNode, path: FieldPath): void {
    let node = root
    let row = 0
    for (const segment of path) {
      const entry = entryOf(node, String(segment))
      const item = node.type === 'seq' ? node.items[Number(segment)] : undefined
      if (!entry && !item) return
      const known = childOf(this.#outline, row, segment)
      if (entry) row = known >= 0 ? known : this.addEntry(row, String(segment), entry)
      else if (item) row = known >= 0 ? known : this.addItem(row, Number(segment), item)
      node = entry?.value ?? item ?? node
    }
  }

  build(lineStarts: LineStarts): SourceMap {
    return new SourceMap(this.#outline, packed(this.#numbers), { lineStarts, foreign: this.#foreign ?? NONE })
  }
}
