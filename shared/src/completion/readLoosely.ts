import type { FieldPath, PathSegment } from '../yaml/node.js'
import { LooseDocument, type Cursor } from './looseDocument.js'
import { readFlow } from './readFlow.js'
import { endOfLine, scalarAt } from './scalarAt.js'

/** A key, or the dash of an item, with deeper lines below it. */
interface Frame {
  readonly column: number
  readonly segment: PathSegment
  readonly isItem: boolean
}

const KEY =
  /^(?:"([^"\n]*)"\s*|'([^'\n]*)'\s*|([^\s#{}[\],"'&*!|>%@`-][^\n:#]*|-[^\s:#][^\n:#]*)):(?=\s|$)/

/** Reads one document by its indentation and brackets. Never throws. */
export function readLoosely(text: string, cursor: number): LooseDocument {
  return new Reader(text, cursor).read()
}

class Reader {
  readonly #text: string
  readonly #cursor: number
  readonly #document = new LooseDocument()
  readonly #frames: Frame[] = []

  constructor(text: string, cursor: number) {
    this.#text = text
    this.#cursor = cursor
  }

  read(): LooseDocument {
    for (let offset = 0; offset <= this.#text.length;) offset = this.#line(offset)
    return this.#document
  }

  get #path(): FieldPath {
    return this.#frames.map(({ segment }) => segment)
  }

  /** Reads a line, or all lines of a collection or block scalar, and returns the offset of the next line. */
  #line(start: number): number {
    const end = endOfLine(this.#text, start)
    const line = this.#text.slice(start, end)
    const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0
    const body = line.slice(indent)
    if (body === '' || body.startsWith('#')) {
      if (body === '' && this.#isCursorIn(start, end)) this.#atBlank(this.#cursor - start)
      return this.#after(end)
    }
    if (/^(---|\.\.\.)(\s|$)/.test(line)) return this.#after(end)
    let at = indent
    for (
      let dash = /^-([ \t]+|$)/.exec(line.slice(at));
      dash;
      dash = /^-([ \t]+|$)/.exec(line.slice(at))
    ) {
      this.#pushItem(at)
      at += dash[0].length
    }
    return this.#content(start, at, end)
  }

  #content(start: number, column: number, end: number): number {
    const offset = start + column
    const rest = this.#text.slice(offset, end)
    if (rest === '' || rest.startsWith('#')) {
      if (rest === '' && this.#isCursorIn(offset, end))
        this.#setCursor({ path: this.#path, on: 'open' }, offset)
      return this.#after(end)
    }
    if (/^[{[]/.test(rest)) return this.#flow(offset, column)
    const key = KEY.exec(rest)
    return key ? this.#entry(key, { start, column, end }) : this.#scalar(offset, { start, end })
  }

  #entry(
    match: RegExpExecArray,
    {
      start,
      column,
      end,
    }: { readonly start: number; readonly column: number; readonly end: number },
  ): number {
    const name = match[1] ?? match[2] ?? match[3]?.trimEnd() ?? ''
    const offset = start + column
    while ((this.#frames.at(-1)?.column ?? -1) >= column) this.#frames.pop()
    const quote = match[1] !== undefined ? '"' : match[2] !== undefined ? "'" : ''
    const span = { start: offset + quote.length, end: offset + quote.length + name.length }
    if (this.#isCursorIn(span.start, span.end)) {
      this.#document.cursor ??= {
        path: this.#path,
        on: 'key',
        prefix: this.#text.slice(span.start, this.#cursor),
        span,
        quote,
        column,
        inFlow: false,
        hasColon: true,
      }
    } else {
      this.#document.addKey(this.#path, name)
    }
    this.#frames.push({ column, segment: name, isItem: false })
    const behind = offset + match[0].length
    const value = behind + (/^[ \t]*/.exec(this.#text.slice(behind, end))?.[0].length ?? 0)
    const rest = this.#text.slice(value, end)
    if (rest === '' || rest.startsWith('#')) {
      if (rest === '' && this.#cursor > behind && this.#isCursorIn(behind, end))
        this.#setCursor({ path: this.#path, on: 'value' }, this.#cursor)
      return this.#after(end)
    }
    if (/^[|>]/.test(rest)) return this.#block(end, column)
    return /^[{[]/.test(rest) ? this.#flow(value, column) : this.#value(value, { start, end })
  }

  #value(offset: number, { start, end }: { readonly start: number; readonly end: number }): number {
    const { value, span, quote } = scalarAt(this.#text, offset, false)
    if (this.#isCursorIn(span.start, span.end)) {
      this.#document.cursor ??= {
        path: this.#path,
        on: 'value',
        prefix: this.#text.slice(span.start, this.#cursor),
        span,
        quote,
        column: offset - start,
        inFlow: false,
        hasColon: false,
      }
    }
    this.#document.setValue(this.#path, value)
    return this.#after(end)
  }

  /** A word without a colon: an item, or an unfinished key. */
  #scalar(
    offset: number,
    { start, end }: { readonly start: number; readonly end: number },
  ): number {
    const { value, span, quote } = scalarAt(this.#text, offset, false)
    const column = offset - start
    const path = this.#containerAt(column)
    if (this.#isCursorIn(span.start, span.end)) {
      this.#document.cursor ??= {
        path,
        on: 'open',
        prefix: this.#text.slice(span.start, this.#cursor),
        span,
        quote,
        column,
        inFlow: false,
        hasColon: false,
      }
    }
    this.#document.setValue(path, value)
    return this.#after(end)
  }

  #flow(offset: number, column: number): number {
    // A collection that is the whole document ends only at its bracket.
    const owner = this.#frames.length === 0 ? -1 : column
    const end = readFlow(this.#document, {
      text: this.#text,
      start: offset,
      path: this.#path,
      column: owner,
      cursor: this.#cursor,
    })
    return this.#after(endOfLine(this.#text, end))
  }

  /** Skips the lines of a block scalar, which has no completions. */
  #block(end: number, column: number): number {
    let offset = this.#after(end)
    while (offset < this.#text.length) {
      const lineEnd = endOfLine(this.#text, offset)
      const line = this.#text.slice(offset, lineEnd)
      if (line.trim() !== '' && (/^ */.exec(line)?.[0].length ?? 0) <= column) break
      offset = this.#after(lineEnd)
    }
    return offset
  }

  #atBlank(column: number): void {
    this.#setCursor({ path: this.#containerAt(column), on: 'open' }, this.#cursor)
  }

  /** The path of the mapping or list around a key at a column. */
  #containerAt(column: number): FieldPath {
    return this.#frames.filter((frame) => frame.column < column).map(({ segment }) => segment)
  }

  #pushItem(column: number): void {
    for (
      let top = this.#frames.at(-1);
      top && (top.column > column || (top.column === column && top.isItem));
      top = this.#frames.at(-1)
    )
      this.#frames.pop()
    this.#frames.push({ column, segment: this.#document.addItem(this.#path), isItem: true })
  }

  #setCursor(at: Pick<Cursor, 'path' | 'on'>, offset: number): void {
    const column = offset - (this.#text.lastIndexOf('\n', offset - 1) + 1)
    this.#document.cursor ??= {
      ...at,
      prefix: '',
      span: { start: offset, end: offset },
      quote: '',
      column,
      inFlow: false,
      hasColon: false,
    }
  }

  #isCursorIn(start: number, end: number): boolean {
    return this.#cursor >= start && this.#cursor <= end
  }

  #after(end: number): number {
    const next = this.#text.indexOf('\n', end)
    return next < 0 ? this.#text.length + 1 : next + 1
  }
}
