import type { Span } from '../text/lineIndex.js'
import type { Cursor } from './looseDocument.js'

/** A scalar on one line. */
interface LooseScalar {
  readonly value: string
  /** Without its quotes. */
  readonly span: Span
  readonly quote: Cursor['quote']
  /** Offset after the closing quote. */
  readonly end: number
}

/** Reads the scalar at an offset. An unclosed quoted scalar ends where a plain scalar would end. */
export function scalarAt(text: string, offset: number, inFlow: boolean): LooseScalar {
  const lineEnd = endOfLine(text, offset)
  const first = text[offset]
  const quote = first === '"' || first === "'" ? first : ''
  if (quote !== '') {
    const end = closingQuote(text, offset + 1, { quote, lineEnd })
    if (end !== undefined)
      return {
        value: unescape(text.slice(offset + 1, end), quote),
        span: { start: offset + 1, end },
        quote,
        end: end + 1,
      }
  }
  const start = offset + quote.length
  const rest = text.slice(start, lineEnd)
  const stop =
    (inFlow ? /[,[\]{}]|:(?=\s|$)|(?<=\s)#/ : /(?<=\s)#/).exec(rest)?.index ?? rest.length
  const value = rest.slice(0, stop).trimEnd()
  return {
    value,
    span: { start, end: start + value.length },
    quote,
    end: Math.max(start + value.length, offset + 1),
  }
}

export function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  const line = end < 0 ? text.length : end
  return line > offset && text[line - 1] === '\r' ? line - 1 : line
}

function closingQuote(
  text: string,
  from: number,
  { quote, lineEnd }: { readonly quote: string; readonly lineEnd: number },
): number | undefined {
  for (let at = from; at < lineEnd; at++) {
    if (quote === '"' && text[at] === '\\') at++
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++
      else return at
    }
  }
  return undefined
}

function unescape(text: string, quote: '"' | "'"): string {
  return quote === '"' ? text.replace(/\\(.)/g, '$1') : text.replaceAll("''", "'")
}
