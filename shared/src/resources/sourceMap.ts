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

/** The spans of a field: UTF-16 offsets relative to the document. */
export interface FieldSpans {
  /** Undefined for list items and for the object itself. */
  readonly key: Span | undefined
  readonly value: Span
  /** Whether the field itself was found; else the spans are those of its nearest ancestor. */
  readonly exact: boolean
  /** The file of the spans, if it is another file. */
  readonly foreign: ForeignText | undefined
}

const NONE: ReadonlyMap<number, ForeignText> = new Map()

/**
 * Field path → spans, for the fields that were read. Instead of the syntax tree it keeps an outline
 * of the fields, which objects with the same fields share, and the spans, packed in a string. Row 0
 * is the object itself.
 */
export class SourceMap {
  /** The last row. */
  readonly #outline: Outline
  /**
   * For each row: the start of the key relative to the start of the value of the row before, the
   * length of the key minus that of its name, the start of the value relative to the end of the
   * key, and the length of the value. Rows without a key have only the last two.
   */
  readonly #spans: string
  /** Offsets of the starts of the document's lines. */
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

  /** The other files that contain fields of the object. */
  get foreignFiles(): ReadonlySet<string> {
    return new Set([...this.#foreign.values()].map(({ file }) => file))
  }

  /** The number of segments that lead to the innermost field in the document itself. */
  ownDepth(path: FieldPath): number {
    const rows = this.#rows()
    let row = 0
    for (const [depth, segment] of path.entries()) {
      row = rows.childOf(row, segment)
      if (row < 0 || this.#foreign.has(row)) return depth
    }
    return path.length
  }

  /** The spans of a field, or of its nearest ancestor that exists. */
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

  /**
   * The innermost field at an offset; `[]` if there is none in the object, undefined outside of the
   * object.
   */
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

  /**
   * Unpacked on request. For a large object, of which thousands of fields may be requested at once,
   * the result is kept as long as the garbage collector permits.
   */
  #rows(): Rows {
    const known = this.#unpacked?.deref()
    if (known) return known
    const rows = new Rows(this.#outline, this.#spans)
    if (rows.isLarge) this.#unpacked = new WeakRef(rows)
    return rows
  }
}

/** From this size on, a map of names is faster than a search. */
const MANY_ROWS = 100
/** Start and end of the key, start and end of the value. -1 if there is no key. */
const COLUMNS = 4

/** The rows of a source map, unpacked up to the last one that was requested. */
class Rows {
  readonly #fields: readonly Outline[]
  readonly #numbers: SmallNumberReader
  readonly #places: number[] = []
  #children: Map<string, number> | undefined

  constructor(last: Outline, spans: string) {
    this.#fields = fieldsOf(last)
    this.#numbers = new SmallNumberReader(spans)
  }

  /** The reverse of the builder. */
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

  /** The first row with a name below a parent; -1 if there is none. */
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

/** Neither the object itself nor a list item has a key. */
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

/** Builds a `SourceMap` while an object is decoded. */
export class SourceMapBuilder {
  readonly #outlines: Outlines
  #outline: Outline
  readonly #numbers = new SmallNumbers()
  /** Start of the value of the last row. */
  #before = 0
  #foreign: Map<number, ForeignText> | undefined
  /** Rows by parent and name; created by the first `record`. */
  #known: Map<string, number> | undefined

  constructor(outlines = new Outlines()) {
    this.#outlines = outlines
    this.#outline = outlines.object
  }

  /** Adds the object itself as row 0. Must be called first. */
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

  /** Adds the fields of a path that no decoder read, as far as they exist. */
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
