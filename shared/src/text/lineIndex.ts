import { PackedNumbers } from './packedNumbers.js'

/** Zero-based line and UTF-16 character, as the Language Server Protocol counts them. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** Half-open: `end` is the position after the last character. */
export interface Range {
  readonly start: Position
  readonly end: Position
}

/** UTF-16 offsets. Half-open: `end` is the offset after the last character. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The offsets of the line starts of a text. */
export class LineStarts extends PackedNumbers {
  /** UTF-16 units of a line break: 2 if all are CRLF. */
  readonly breakLength: 1 | 2

  constructor(starts: readonly number[], breakLength: 1 | 2) {
    super(starts)
    this.breakLength = breakLength
  }
}

/**
 * The offsets of line starts. LF, CRLF and a carriage return alone end a line, as in the Language
 * Server Protocol.
 */
export function lineStartsOf(text: string): LineStarts {
  const starts = [0]
  let pairs = 0
  let cr = text.indexOf('\r')
  for (let lf = text.indexOf('\n'); lf >= 0 || cr >= 0;) {
    const isLone = cr >= 0 && (lf < 0 || cr < lf - 1)
    starts.push((isLone ? cr : lf) + 1)
    if (cr >= 0 && cr === lf - 1) pairs++
    if (cr >= 0 && (isLone || cr < lf)) cr = text.indexOf('\r', cr + 1)
    if (!isLone) lf = text.indexOf('\n', lf + 1)
  }
  return new LineStarts(starts, pairs > 0 && pairs === starts.length - 1 ? 2 : 1)
}

/** The position of an offset; an offset past the end is on the last line. */
export function positionAt(lineStarts: LineStarts, offset: number): Position {
  let low = 0
  let high = lineStarts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((lineStarts.at(middle) ?? 0) <= offset) low = middle
    else high = middle
  }
  return { line: low, character: Math.max(0, offset - (lineStarts.at(low) ?? 0)) }
}

/** The offset of a position. A character after the end of its line is not clamped. */
export function offsetAt(lineStarts: LineStarts, position: Position): number {
  const last = lineStarts.length - 1
  return (lineStarts.at(Math.min(position.line, last)) ?? 0) + position.character
}

/** The range of a span. */
export function rangeOf(lineStarts: LineStarts, span: Span): Range {
  return { start: positionAt(lineStarts, span.start), end: positionAt(lineStarts, span.end) }
}

/** `range` moved down by a number of lines. */
export function shiftRange(range: Range, lines: number): Range {
  return {
    start: { line: range.start.line + lines, character: range.start.character },
    end: { line: range.end.line + lines, character: range.end.character },
  }
}

/** Whether a position is in a range or at one of its ends. */
export function rangeCovers({ start, end }: Range, { line, character }: Position): boolean {
  const afterStart = line > start.line || (line === start.line && character >= start.character)
  return afterStart && (line < end.line || (line === end.line && character <= end.character))
}
