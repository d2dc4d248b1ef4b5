import {
  COLON,
  DASH,
  DOUBLE_QUOTE,
  HASH,
  SINGLE_QUOTE,
  SPACE,
  isBlank,
  isFlowMark,
  isKeyUnit,
  isWord,
} from '../characters.js'
import type { YamlScalar } from '../node.js'
import { plainValue } from '../plainScalar.js'
import { DECLINED } from './declined.js'
import { Lines } from './lines.js'

/** Characters that cannot start an unquoted scalar, or that need the `yaml` package. */
const INDICATORS = new Set('-?:,[]{}#&*!|>\'"%@`')
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
])
const MAX_KEY_LENGTH = 1_000

/** Reads scalars on one line, and keys. */
export class ScalarReader extends Lines {
  /** The end of the key that was read last. */
  keyEnd = 0
  /** The backslash that was found last, and from where. */
  #foundFrom = 0
  #foundBackslash = -1

  /** The key at an offset. Sets `keyEnd`. */
  key(at: number): string {
    if (isQuote(this.text.charCodeAt(at))) {
      const scalar = this.quoted(at)
      this.keyEnd = scalar.end
      return scalar.text
    }
    const end = plainKeyEnd(this.text, at)
    this.keyEnd = end
    if (end === at || end - at > MAX_KEY_LENGTH) throw DECLINED
    return this.text.slice(at, end)
  }

  /** Whether a key with its colon is at an offset. */
  isKeyAt(at: number): boolean {
    const end = isQuote(this.text.charCodeAt(at)) ? this.quoted(at).end : plainKeyEnd(this.text, at)
    return end > at && this.text.charCodeAt(end) === COLON && isBlank(this.text.charCodeAt(end + 1))
  }

  quoted(at: number): YamlScalar {
    const quote = this.text[at] ?? ''
    const endOfLine = this.endOfLine(at)
    let value = ''
    for (let from = at + 1; ;) {
      const close = this.text.indexOf(quote, from)
      if (close < 0 || close >= endOfLine) throw DECLINED
      const escape = quote === '"' ? this.#nextBackslash(from) : close
      if (escape < close) {
        const character = SIMPLE_ESCAPES.get(this.text[escape + 1] ?? '')
        if (character === undefined) throw DECLINED
        value += this.text.slice(from, escape) + character
        from = escape + 2
      } else if (quote === "'" && this.text[close + 1] === "'") {
        value += this.text.slice(from, close + 1)
        from = close + 2
      } else {
        value += this.text.slice(from, close)
        return { type: 'scalar', value, text: value, quoted: true, start: at, end: close + 1 }
      }
    }
  }

  /** An unquoted scalar in block style. */
  plain(at: number): YamlScalar {
    const { text } = this
    if (!this.#startsPlain(at)) throw DECLINED
    let end = at
    for (let next = at; ; next++) {
      const code = text.charCodeAt(next)
      if (code === SPACE) {
        if (text.charCodeAt(next + 1) === HASH) break
      } else if (isBlank(code)) break
      else if (code === COLON && isBlank(text.charCodeAt(next + 1))) throw DECLINED
      else end = next + 1
    }
    return this.#plainScalar(at, end)
  }

  /** An unquoted scalar in a flow collection, which a comma or a bracket ends. */
  plainInFlow(at: number): YamlScalar {
    const { text } = this
    const isNegative = text.charCodeAt(at) === DASH
    if (!this.#startsPlain(at) || (isNegative && !isKeyUnit(text.charCodeAt(at + 1))))
      throw DECLINED
    let end = at
    for (let next = at; ; next++) {
      const code = text.charCodeAt(next)
      if (isFlowMark(code)) break
      if (code === SPACE) {
        if (text.charCodeAt(next + 1) === HASH) throw DECLINED
      } else if (isBlank(code)) throw DECLINED
      else if (
        code === COLON &&
        (isBlank(text.charCodeAt(next + 1)) || isFlowMark(text.charCodeAt(next + 1)))
      )
        throw DECLINED
      else end = next + 1
    }
    return this.#plainScalar(at, end)
  }

  #startsPlain(at: number): boolean {
    const first = this.text.charCodeAt(at)
    return (
      isWord(first) ||
      !INDICATORS.has(this.text[at] ?? '') ||
      (first === DASH && this.text.charCodeAt(at + 1) > SPACE)
    )
  }

  #plainScalar(start: number, end: number): YamlScalar {
    const text = this.text.slice(start, end)
    return { type: 'scalar', value: plainValue(text), text, quoted: false, start, end }
  }

  #nextBackslash(from: number): number {
    if (from < this.#foundFrom || from > this.#foundBackslash) {
      const found = this.text.indexOf('\\', from)
      this.#foundFrom = from
      this.#foundBackslash = found < 0 ? this.text.length : found
    }
    return this.#foundBackslash
  }
}

export function isQuote(code: number): boolean {
  return code === DOUBLE_QUOTE || code === SINGLE_QUOTE
}

/** The end of the unquoted key at an offset; the offset itself if there is none. */
function plainKeyEnd(text: string, at: number): number {
  if (!isWord(text.charCodeAt(at))) return at
  let end = at + 1
  while (isKeyUnit(text.charCodeAt(end))) end++
  return end
}
