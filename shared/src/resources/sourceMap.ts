import type { LineStarts, Span } from '../text/lineIndex.js'
import { SmallNumberReader, SmallNumbers } from '../text/smallNumbers.js'
import {
  entryOf,
  type FieldPath,
  type ForeignText,
  type PathSegment,
  type YamlEntry,
  type YamlNode,
} from '../yaml/node.js'
import { nameOf, Outlines, type Outline } from './outline.js'

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
  #unpacked: WeakRef<Rows> | undefined

  constructor(
    outline: Outline,
    spans: string,
    texts: { readonly lineStarts: LineStarts; readonly foreign: ReadonlyMap<number, ForeignText> },
  ) {
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
    const rows = this.#rows()
    let row = 0
    for (const [depth, segment] of path.entries()) {
      row = rows.childOf(row, segment)
      if (row < 0 || this.#foreign.has(row)) return depth
    }
    return path.length
  }

  /** The spans of a field, or of its nearest ancestor that the document has. */
  find(path: FieldPath): FieldSpans {
    const rows = this.#rows()
    let row = 0
    let exact = true
    for (const segment of path) {
      const child = rows.childOf(row, segment)
      exact = child >= 0
      if (!exact) break
      row = child
    }
    return { ...rows.spansOf(row), exact, foreign: this.#foreign.get(row) }
  }

  /** The innermost field at an offset; `[]` where no field of the object is there, undefined outside the object. */
  pathAt(offset: number): FieldPath | undefined {
    const rows = this.#rows()
    const covers = (row: number): boolean => !this.#foreign.has(row) && rows.covers(row, offset)
    if (!covers(0)) return undefined
    const path: PathSegment[] = []
    for (let at = 0; at >= 0;) {
      at = rows.lastChildOf(at, covers)
      if (at > 0) path.push(rows.segmentOf(at))
    }
    return path
  }

  /** Unpacked when asked for. Of a large object, where thousands of fields may be asked for at once, that is kept while the collector leaves it. */
  #rows(): Rows {
    const known = this.#unpacked?.deref()
    if (known) return known
    const rows = new Rows(this.#outline, this.#spans)
    if (rows.isLarge) this.#unpacked = new WeakRef(rows)
    return rows
  }
}

/** From here on a table of names pays. */
const MANY_ROWS = 100
/** Where a row's key starts and ends, and its value; -1 where there is no key. */
const COLUMNS = 4

/** The rows of a source map, unpacked as far as one was asked for. */
class Rows {
  readonly #fields: readonly Outline[]
  readonly #numbers: SmallNumberReader
  readonly #places: number[] = []
  #children: Map<string, number> | undefined

  constructor(last: Outline, spans: string) {
    this.#fields = fieldsOf(last)
    this.#numbers = new SmallNumberReader(spans)
  }

  /** As the builder wrote it. */
  #placeNext(row: number): void {
    const segment = this.segmentOf(row)
    let from = this.#places.at(-2) ?? 0
    if (hasKey(row, segment)) {
      const start = from + this.#numbers.next()
      from = start + segment.length + this.#numbers.next()
      this.#places.push(start, from)
    } else this.#places.push(-1, -1)
    const start = from + this.#numbers.next()
    this.#places.push(start, start + this.#numbers.next())
  }

  get isLarge(): boolean {
    return this.#fields.length >= MANY_ROWS
  }

  segmentOf(row: number): PathSegment {
    return this.#fields[row]?.segment ?? ''
  }

  spansOf(row: number): Pick<FieldSpans, 'key' | 'value'> {
    for (let next = this.#places.length / COLUMNS; next <= row; next++) this.#placeNext(next)
    const [keyStart = -1, keyEnd = -1, start = 0, end = 0] = this.#places.slice(
      row * COLUMNS,
      (row + 1) * COLUMNS,
    )
    return {
      key: keyStart < 0 ? undefined : { start: keyStart, end: keyEnd },
      value: { start, end },
    }
  }

  covers(row: number, offset: number): boolean {
    const { key, value } = this.spansOf(row)
    return offset >= (key ?? value).start && offset <= Math.max(value.end, key?.end ?? 0)
  }

  /** The first row of a name below another; -1 where there is none. */
  childOf(parent: number, segment: PathSegment): number {
    if (this.isLarge) {
      this.#children ??= new Map(
        this.#fields
          .map((field): [string, number] => [`${field.parent} ${field.segment}`, field.row])
          .reverse(),
      )
      return this.#children.get(`${parent} ${segment}`) ?? -1
    }
    for (const field of this.#fields)
      if (field.parent === parent && sameName(field.segment, segment)) return field.row
    return -1
  }

  lastChildOf(parent: number, accepts: (row: number) => boolean): number {
    return this.#fields.findLastIndex((field) => field.parent === parent && accepts(field.row))
  }
}

/** The object itself has none, and no item of a sequence. */
function hasKey(row: number, segment: PathSegment): segment is string {
  return row > 0 && typeof segment === 'string'
}

function sameName(a: PathSegment, b: PathSegment): boolean {
  return a === b || (typeof a !== typeof b && String(a) === String(b))
}

function fieldsOf(last: Outline): Outline[] {
  const fields: Outline[] = []
  for (let field: Outline | undefined = last; field; field = field.before) fields.push(field)
  return fields.reverse()
}

/** Collects the rows of a `SourceMap` while an object is decoded. */
export class SourceMapBuilder {
  readonly #outlines: Outlines
  #outline: Outline
  readonly #numbers = new SmallNumbers()
  /** Where the value of the last row starts. */
  #before = 0
  #foreign: Map<number, ForeignText> | undefined
  /** The rows by parent and name, once somebody records a path. */
  #known: Map<string, number> | undefined

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
    this.#numbers.push(keySpan.start - this.#before)
    this.#numbers.push(keySpan.end - keySpan.start - name.length)
    return this.#place(value, keySpan.end)
  }

  addItem(parent: number, index: number, item: YamlNode): number {
    this.#outline = this.#outlines.with(this.#outline, parent, index)
    return this.#place(item, this.#before)
  }

  #place({ start, end, foreign }: YamlNode, from: number): number {
    const { row } = this.#outline
    this.#known?.set(nameOf(this.#outline.parent, this.#outline.segment), row)
    if (foreign) (this.#foreign ??= new Map<number, ForeignText>()).set(row, foreign)
    this.#numbers.push(start - from)
    this.#numbers.push(end - start)
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
      const known = this.#rowOf(row, segment)
      if (entry) row = known ?? this.addEntry(row, String(segment), entry)
      else if (item) row = known ?? this.addItem(row, Number(segment), item)
      node = entry?.value ?? item ?? node
    }
  }

  #rowOf(parent: number, segment: PathSegment): number | undefined {
    this.#known ??= new Map(
      fieldsOf(this.#outline)
        .map((field): [string, number] => [nameOf(field.parent, field.segment), field.row])
        .reverse(),
    )
    return this.#known.get(nameOf(parent, segment))
  }

  build(lineStarts: LineStarts): SourceMap {
    return new SourceMap(this.#outline, this.#numbers.packed(), {
      lineStarts,
      foreign: this.#foreign ?? NONE,
    })
  }
}
