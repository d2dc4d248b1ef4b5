import type { FieldPath, PathSegment } from '../yaml/node.js'
import type { Cursor, LooseDocument } from './looseDocument.js'
import { scalarAt } from './scalarAt.js'

interface FlowStart {
  readonly text: string
  /** Offset of the opening bracket. */
  readonly start: number
  readonly path: FieldPath
  /** Column of the key or item that owns the collection. An unclosed collection ends before a line at or left of it. */
  readonly column: number
  /** Offset of the cursor. */
  readonly cursor: number
}

/** Reads a collection in brackets, closed or not, and returns the offset after it. */
export function readFlow(document: LooseDocument, start: FlowStart): number {
  return new FlowReader(document, start).read()
}

/** A collection whose bracket is open. */
interface Level {
  readonly kind: 'map' | 'list'
  readonly path: FieldPath
  /** Key of the current entry or index of the current item; undefined before a key. */
  entry: PathSegment | undefined
  /** The next part of the entry: its key, its colon, its value, or the comma after it. */
  expects: 'key' | 'colon' | 'value' | 'comma'
}

const OPENING = new Set(['{', '['])
const CLOSING = new Set(['}', ']'])

class FlowReader {
  readonly #document: LooseDocument
  readonly #start: FlowStart
  readonly #levels: Level[] = []
  #offset: number
  #lineStart: number
  #isClosed = false

  constructor(document: LooseDocument, start: FlowStart) {
    this.#document = document
    this.#start = start
    this.#offset = start.start
    this.#lineStart = start.text.lastIndexOf('\n', start.start - 1) + 1
  }

  read(): number {
    const { length } = this.#start.text
    while (!this.#isClosed && this.#offset < length) this.#readToken()
    if (!this.#isClosed) this.#setCursorBetween(length, length)
    return this.#offset
  }

  get #level(): Level | undefined {
    return this.#levels.at(-1)
  }

  #readToken(): void {
    const { text } = this.#start
    const character = text[this.#offset] ?? ''
    const isComment = character === '#' && /\s/.test(text[this.#offset - 1] ?? ' ')
    const isColon = character === ':' && isBeforeValue(this.#level)
    if (character === '\n') this.#readLineBreak()
    else if (/\s/.test(character)) this.#readBlanks()
    else if (isComment) this.#skipComment()
    else if (OPENING.has(character)) this.#open(character)
    else if (CLOSING.has(character)) this.#close()
    else if (character === ',') this.#readComma()
    else if (isColon) this.#readColon()
    else this.#readScalar()
  }

  #readLineBreak(): void {
    const { text, column } = this.#start
    const next = this.#offset + (/\S/.exec(text.slice(this.#offset))?.index ?? 0)
    const nextLine = text.lastIndexOf('\n', next) + 1
    this.#setCursorBetween(this.#offset, Math.max(this.#offset, nextLine - 1))
    const isLast = next === this.#offset
    if (isLast || (next - nextLine <= column && !CLOSING.has(text[next] ?? ''))) {
      this.#isClosed = true
      return
    }
    this.#lineStart = nextLine
    this.#offset = nextLine
  }

  #readBlanks(): void {
    const blanks = /^[^\S\n]+/.exec(this.#start.text.slice(this.#offset))?.[0].length ?? 1
    this.#setCursorBetween(this.#offset, this.#offset + blanks)
    this.#offset += blanks
  }

  #skipComment(): void {
    const end = this.#start.text.indexOf('\n', this.#offset)
    this.#offset = end < 0 ? this.#start.text.length : end
  }

  #open(bracket: string): void {
    const outer = this.#level
    const path = outer?.entry === undefined ? this.#start.path : pathOf(outer)
    this.#levels.push(
      bracket === '{'
        ? { kind: 'map', path, entry: undefined, expects: 'key' }
        : { kind: 'list', path, entry: this.#document.addItem(path), expects: 'value' },
    )
    this.#offset++
    this.#setCursorBetween(this.#offset, this.#offset)
  }

  #close(): void {
    this.#setCursorBetween(this.#offset, this.#offset)
    this.#levels.pop()
    this.#offset++
    const outer = this.#level
    if (outer) finishPart(outer)
    else this.#isClosed = true
  }

  #readComma(): void {
    this.#setCursorBetween(this.#offset, this.#offset)
    this.#offset++
    const level = this.#level
    if (level) {
      level.entry = level.kind === 'list' ? this.#document.addItem(level.path) : undefined
      level.expects = level.kind === 'list' ? 'value' : 'key'
    }
    this.#setCursorBetween(this.#offset, this.#offset)
  }

  #readColon(): void {
    if (this.#level) this.#level.expects = 'value'
    this.#offset++
  }

  #readScalar(): void {
    const level = this.#level
    if (!level) {
      this.#isClosed = true
      return
    }
    const { text, cursor } = this.#start
    const { value, span, quote, end } = scalarAt(text, this.#offset, true)
    const isKey = isBeforeValue(level)
    if (cursor >= span.start && cursor <= span.end)
      this.#document.cursor = cursorAt(level, {
        span,
        prefix: text.slice(span.start, cursor),
        quote,
        column: this.#offset - this.#lineStart,
        hasColon: /^\s*:(\s|["'{[]|$)/.test(text.slice(end)),
      })
    else if (isKey) this.#document.addKey(level.path, value)
    else if (level.entry !== undefined) this.#document.setValue(pathOf(level), value)
    if (isKey) level.entry = value
    finishPart(level)
    this.#offset = end
  }

  /** Sets the cursor if it is between two offsets where a key or a value can be inserted. */
  #setCursorBetween(from: number, to: number): void {
    const { cursor } = this.#start
    const level = this.#level
    if (cursor < from || cursor > to || this.#document.cursor || !level) return
    if (level.expects !== 'key' && level.expects !== 'value') return
    this.#document.cursor = cursorAt(level, {
      span: { start: cursor, end: cursor },
      prefix: '',
      quote: '',
      column: cursor - this.#lineStart,
      hasColon: false,
    })
  }
}

function isBeforeValue(level: Level | undefined): boolean {
  return level?.expects === 'key' || level?.expects === 'colon'
}

/** The key or the value of the current entry has been read. */
function finishPart(level: Level): void {
  level.expects = isBeforeValue(level) ? 'colon' : 'comma'
}

function pathOf({ path, entry }: Level): FieldPath {
  return entry === undefined ? path : [...path, entry]
}

function cursorAt(level: Level, word: Omit<Cursor, 'path' | 'on' | 'inFlow'>): Cursor {
  if (isBeforeValue(level)) return { ...word, path: level.path, on: 'key', inFlow: true }
  const on = level.kind === 'list' ? 'open' : 'value'
  return { ...word, path: pathOf(level), on, inFlow: true }
}
