import { printable, type Range } from '@istio-ambient-policy/shared'
import { displayWidth } from '../style.js'

/** Maximum width of the source. A longer line is cut around the range. */
const MAX_COLUMNS = 120
/** Columns before the range in a line that is cut. */
const LEAD = 30

/** A line of source, and the line that underlines a part of it. */
interface Excerpt {
  readonly source: string
  readonly underline: string
}

/** The first line of a range. A range of several lines is underlined to the end of its first line. */
export function excerptOf(lines: readonly string[], range: Range): Excerpt | undefined {
  const line = lines[range.start.line]
  if (line === undefined) return undefined
  const start = Math.min(range.start.character, line.length)
  const end =
    range.end.line > range.start.line
      ? line.trimEnd().length
      : Math.min(range.end.character, line.length)
  const from = line.length > MAX_COLUMNS ? Math.max(0, start - LEAD) : 0
  const shown = line.slice(from, from + MAX_COLUMNS)
  const before = printable((from > 0 ? '…' : '') + line.slice(from, start))
  const marked = printable(line.slice(start, Math.min(end, from + MAX_COLUMNS)))
  const source = `${from > 0 ? '…' : ''}${shown}${from + MAX_COLUMNS < line.length ? '…' : ''}`
  return {
    source: printable(source),
    underline: ' '.repeat(displayWidth(before)) + '^'.repeat(Math.max(1, displayWidth(marked))),
  }
}

/** The lines of a text, as in the Language Server Protocol. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/)
}
