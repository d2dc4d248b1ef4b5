import { GREATER, DASH, LF } from '../characters.js'
import type { YamlScalar } from '../node.js'
import { DECLINED } from './declined.js'
import { trimmedEnd, type Lines } from './lines.js'

/** Block text, and the start of the line after it. */
export interface BlockText {
  readonly scalar: YamlScalar
  readonly next: number
}

/**
 * Reads block text (`|` or `>`) without an indentation indicator, inside of a mapping or list with
 * this indentation. Folded text is read only if nothing but its line breaks is folded.
 */
export function readBlockText(lines: Lines, at: number, indent: number): BlockText {
  const { text } = lines
  const isFolded = text.charCodeAt(at) === GREATER
  const isStripped = text.charCodeAt(at + 1) === DASH
  const content: string[] = []
  let from = lines.finishLine(at + (isStripped ? 2 : 1))
  /** The indentation of the text; -1 before its first line that is not blank. */
  let block = -1
  let end = at
  while (from < text.length) {
    const endOfLine = lines.endOfLine(from)
    const first = lines.skipSpaces(from)
    const depth = first - from
    if (first >= endOfLine) {
      if (depth > Math.max(block, 0) || (block < 0 && depth > 0)) throw DECLINED
      content.push('')
    } else {
      if (block < 0 && depth > indent) block = depth
      if (depth < block || block < 0) {
        if (depth > indent) throw DECLINED
        break
      }
      content.push(text.slice(from + block, endOfLine))
      end = trimmedEnd(text, at, endOfLine)
    }
    const next = lines.startOfNextLine(from)
    if (next === text.length && text.charCodeAt(next - 1) !== LF) throw DECLINED
    from = next
  }
  if (block < 0) throw DECLINED
  while (content[content.length - 1] === '') content.pop()
  if (isFolded && content.some(isFoldedOtherwise)) throw DECLINED
  const value = content.join(isFolded ? ' ' : '\n') + (isStripped ? '' : '\n')
  return {
    scalar: { type: 'scalar', value, text: value, quoted: true, start: at, end },
    next: from,
  }
}

function isFoldedOtherwise(line: string): boolean {
  return line === '' || line.startsWith(' ') || line.endsWith(' ')
}
