import { CR, HASH, LF, SPACE } from '../characters.js'
import { DECLINED } from './declined.js'

/** Finds line ends and blanks in a text. Lines end with LF or CRLF. */
export class Lines {
  readonly text: string
  /** The line end that was found last, and from where: a line of ten megabytes is searched once. */
  #foundFrom = 0
  #foundEnd = -1

  constructor(text: string) {
    this.text = text
  }

  /** The first offset from `at` on that is not a space. */
  skipSpaces(at: number): number {
    let end = at
    while (this.text.charCodeAt(end) === SPACE) end++
    return end
  }

  /** The offset of the line break after `at`, or of the end of the text. */
  endOfLine(at: number): number {
    if (at < this.#foundFrom || at > this.#foundEnd) {
      const found = this.text.indexOf('\n', at)
      this.#foundFrom = at
      this.#foundEnd = found < 0 ? this.text.length : found
    }
    const end = this.#foundEnd
    if (end === this.text.length) return end
    return end > at && this.text.charCodeAt(end - 1) === CR ? end - 1 : end
  }

  /** The start of the next line, or the end of the text. */
  startOfNextLine(at: number): number {
    const end = this.text.indexOf('\n', at)
    return end < 0 ? this.text.length : end + 1
  }

  /** The start of the next line. Only blanks and a comment may be left on this one. */
  finishLine(at: number): number {
    const end = this.skipSpaces(at)
    const code = this.text.charCodeAt(end)
    if (code === LF || code === CR || Number.isNaN(code) || (code === HASH && end > at))
      return this.startOfNextLine(end)
    throw DECLINED
  }
}

/** The end of the text from `start` to `end` without white space. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let last = end
  while (last > start && ' \t\r\n'.includes(text[last - 1] ?? '')) last--
  return last
}
