import { BOM, CR, DASH, DOT, HASH, LF, PERCENT, SPACE, TAB } from './characters.js'

/** The text of one document, from its `---` line (if any) to the next one, and its position. */
export interface DocumentSlice {
  readonly text: string
  /** UTF-16 offset in the file. */
  readonly start: number
  /** Zero-based line in the file. A slice always starts at column 0. */
  readonly line: number
}

/**
 * Splits a file at its document markers. This is exact: a line that starts with `---` or `...` and
 * white space cannot be inside of a scalar (YAML 1.2.2 §9.1.2). A `---` line starts a slice, a
 * `...` line ends one. Directives belong to the document after them.
 */
export function splitDocuments(text: string): DocumentSlice[] {
  return splitFrom(text, text.charCodeAt(0) === BOM ? 1 : 0)
}

/**
 * Splits a text that starts where a document does. Only at the start of a file a byte order mark is
 * skipped.
 */
export function splitFrom(text: string, from: number): DocumentSlice[] {
  const slices: DocumentSlice[] = []
  let start = from
  let startLine = 0
  let line = 0
  let onlyDirectives = true
  let sawDirective = false
  const close = (end: number, nextLine: number): void => {
    if (end > start) slices.push({ text: text.slice(start, end), start, line: startLine })
    start = end
    startLine = nextLine
    onlyDirectives = true
    sawDirective = false
  }
  let cr = text.indexOf('\r')
  for (let at = start; at < text.length;) {
    if (cr >= 0 && cr < at) cr = text.indexOf('\r', at)
    const next = nextLineStart(text, at, cr)
    const marker = markerAt(text, at)
    if (marker === DASH) {
      if (!(onlyDirectives && sawDirective)) close(at, line)
      onlyDirectives = false
    } else if (marker === DOT) {
      close(next, line + 1)
    } else {
      const code = text.charCodeAt(at)
      if (code === PERCENT) sawDirective = true
      else if (code !== HASH && code !== LF && code !== CR) onlyDirectives = false
    }
    at = next
    line++
  }
  close(text.length, line)
  return slices
}

/** `cr` is the offset of the first carriage return at or after `from`, or -1. */
function nextLineStart(text: string, from: number, cr: number): number {
  const lf = text.indexOf('\n', from)
  if (cr >= 0 && (lf < 0 || cr < lf)) return text.charCodeAt(cr + 1) === LF ? cr + 2 : cr + 1
  return lf < 0 ? text.length : lf + 1
}

function markerAt(text: string, at: number): number | undefined {
  const code = text.charCodeAt(at)
  if (code !== DASH && code !== DOT) return undefined
  if (text.charCodeAt(at + 1) !== code || text.charCodeAt(at + 2) !== code) return undefined
  const after = text.charCodeAt(at + 3)
  return Number.isNaN(after) || after === LF || after === CR || after === SPACE || after === TAB
    ? code
    : undefined
}
