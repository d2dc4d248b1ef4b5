import type { FieldPath } from '../yaml/node.js'
import type { Cursor, LooseDocument } from './looseDocument.js'
import { scalarAt } from './scalarAt.js'

/** One open bracket. */
interface Level {
  readonly close: '}' | ']'
  readonly path: FieldPath
  /** Key of the entry or index of the item that is being read; undefined before a key. */
  at: string | number | undefined
  /** The entry's colon was seen, or it is an item. */
  inValue: boolean
  /** The entry or item has its value. */
  filled: boolean
}

interface FlowStart {
  readonly text: string
  /** Offset of the bracket. */
  readonly start: number
  readonly path: FieldPath
  /** Column of what the collection belongs to: a line that begins there or before is no part of it, even where the bracket is never closed. */
  readonly column: number
  readonly cursor: number
}

/** Reads a collection in brackets, closed or not, and returns the offset behind it. */
export function readFlow(
  document: LooseDocument,
  { text, start, path, column, cursor }: FlowStart,
): number {
  const levels: Level[] = []
  let offset = start
  let lineStart = text.lastIndexOf('\n', start - 1) + 1
  const open = (bracket: string, at: FieldPath): void => {
    const isMap = bracket === '{'
    levels.push({
      close: isMap ? '}' : ']',
      path: at,
      at: isMap ? undefined : document.addItem(at),
      inValue: !isMap,
      filled: false,
    })
  }
  const gap = (from: number, to: number): void => {
    if (cursor < from || cursor > to || document.cursor) return
    const level = levels.at(-1)
    if (level && !level.filled)
      document.cursor = cursorAt(level, {
        span: { start: cursor, end: cursor },
        prefix: '',
        quote: '',
        column: cursor - lineStart,
        hasColon: false,
      })
  }
  while (offset < text.length) {
    const character = text[offset] ?? ''
    const level = levels.at(-1)
    if (character === '\n') {
      const next = /[^\s]/.exec(text.slice(offset))
      const nextStart = text.lastIndexOf('\n', offset + (next?.index ?? 0)) + 1
      gap(offset, Math.max(offset, nextStart - 1))
      if (!next || offset + next.index - nextStart <= column) {
        if (!/^[}\]]/.test(next?.[0] ?? '')) return offset
      }
      lineStart = nextStart
      offset = nextStart
    } else if (/\s/.test(character)) {
      const end = offset + (/^[^\S\n]+/.exec(text.slice(offset))?.[0].length ?? 1)
      gap(offset, end)
      offset = end
    } else if (character === '#' && /\s/.test(text[offset - 1] ?? ' ')) {
      const end = text.indexOf('\n', offset)
      offset = end < 0 ? text.length : end
    } else if (character === '{' || character === '[') {
      open(character, level && level.at !== undefined ? [...level.path, level.at] : path)
      offset++
      gap(offset, offset)
    } else if (character === '}' || character === ']') {
      gap(offset, offset)
      levels.pop()
      offset++
      const outer = levels.at(-1)
      if (!outer) return offset
      outer.filled = true
    } else if (character === ',') {
      gap(offset, offset)
      offset++
      if (level)
        Object.assign(level, {
          at: level.close === ']' ? document.addItem(level.path) : undefined,
          inValue: level.close === ']',
          filled: false,
        })
      gap(offset, offset)
    } else if (character === ':' && level?.close === '}' && !level.inValue) {
      Object.assign(level, { inValue: true, filled: false })
      offset++
    } else if (level) {
      offset = readScalar(document, level, { text, offset, lineStart, cursor })
    } else {
      return offset
    }
  }
  gap(text.length, text.length)
  return offset
}

function readScalar(
  document: LooseDocument,
  level: Level,
  {
    text,
    offset,
    lineStart,
    cursor,
  }: {
    readonly text: string
    readonly offset: number
    readonly lineStart: number
    readonly cursor: number
  },
): number {
  const scalar = scalarAt(text, offset, true)
  const { span, quote } = scalar
  const hasColon = /^\s*:(\s|["'{[]|$)/.test(text.slice(scalar.end))
  if (cursor >= span.start && cursor <= span.end) {
    document.cursor = cursorAt(level, {
      span,
      prefix: text.slice(span.start, cursor),
      quote,
      column: offset - lineStart,
      hasColon,
    })
    if (!level.inValue) level.at = scalar.value
  } else if (level.inValue) {
    if (level.at !== undefined) document.setValue([...level.path, level.at], scalar.value)
  } else {
    level.at = scalar.value
    document.addKey(level.path, scalar.value)
  }
  level.filled = true
  return scalar.end
}

function cursorAt(level: Level, word: Omit<Cursor, 'path' | 'on' | 'inFlow'>): Cursor {
  if (level.close === '}' && !level.inValue)
    return { ...word, path: level.path, on: 'key', inFlow: true }
  return {
    ...word,
    path: level.at === undefined ? level.path : [...level.path, level.at],
    on: level.close === ']' ? 'open' : 'value',
    inFlow: true,
  }
}
