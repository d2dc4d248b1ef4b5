import {
  BAR,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  CR,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  GREATER,
  HASH,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  SINGLE_QUOTE,
  SPACE,
  isBlank,
  isFlowMark,
  isKeyUnit,
  isWord,
} from './characters.js'
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSeq } from './node.js'
import { plainValue } from './plainScalar.js'

/** Tabs, control characters and byte order marks. */
const UNUSUAL = /[\0-\t\v\f\x0e-\x1f\x7f\uFEFF]/
const LONE_CR = /\r(?!\n)/
/** What an unquoted scalar cannot begin with, or what makes one worth a second look. */
const INDICATORS = new Set('-?:,[]{}#&*!|>\'"%@`')
const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
])
const MAX_DEPTH = 60
const MAX_KEY = 1_000

/** Thrown and caught inside this file: the text is not of the narrow kind. */
const DECLINED = new Error('not of the narrow kind')

/**
 * Reads the YAML that manifests are mostly written in: block mappings and sequences, scalars and flow collections on one line, plain block text.
 * Whatever else a document holds (anchors, tags, directives, tabs, scalars over several lines, equal keys, any error) makes it decline, and the `yaml`
 * package reads the document. What it accepts it reads as `yaml` does: same tree, same spans, no error.
 */
export function readBlockYaml(text: string): YamlMap | undefined {
  if (UNUSUAL.test(text) || (text.includes('\r') && LONE_CR.test(text))) return undefined
  try {
    return new BlockReader(text).document()
  } catch (error) {
    if (error === DECLINED) return undefined
    throw error
  }
}

class BlockReader {
  readonly #text: string
  /** Offset of the first character of the line in front of us, behind its indentation. */
  #at = 0
  /** Its indentation; -1 at the end of the document. */
  #indent = 0
  #depth = 0
  /** Where the key that was read last ends. */
  #keyEnd = 0
  /** Where the line that was measured last was looked at first, and where it ends: a line of ten megabytes is measured once. */
  #lineFrom = 0
  #lineTo = -1
  /** Where a backslash was looked for last, and where the first one behind stands. */
  #backslashFrom = 0
  #backslash = -1

  constructor(text: string) {
    this.#text = text
  }

  document(): YamlMap {
    this.#next(0)
    if (this.#indent === 0 && this.#text.startsWith('---', this.#at))
      this.#next(this.#restOfLine(this.#at + 3))
    if (this.#indent !== 0 || this.#isItem(this.#at)) throw DECLINED
    const map = this.#map(0)
    if (!this.#ended()) throw DECLINED
    return map
  }

  #ended(): boolean {
    return this.#indent < 0
  }

  /** Moves to the next line with content, from the start of a line. */
  #next(from: number): void {
    const text = this.#text
    for (let start = from; start < text.length;) {
      let at = start
      while (text.charCodeAt(at) === SPACE) at++
      const code = text.charCodeAt(at)
      if (code === LF) start = at + 1
      else if (code === CR) start = at + 2
      else if (code === HASH) start = this.#lineAfter(at)
      else if (Number.isNaN(code)) break
      else {
        this.#at = at
        this.#indent = at - start
        if (this.#indent !== 0 || code !== DOT || !text.startsWith('...', at)) return
        start = this.#restOfLine(at + 3)
        if (/^ *[^ #\r\n]/m.test(text.slice(start))) throw DECLINED
        break
      }
    }
    this.#at = text.length
    this.#indent = -1
  }

  #lineAfter(at: number): number {
    const end = this.#text.indexOf('\n', at)
    return end < 0 ? this.#text.length : end + 1
  }

  #lineEnd(at: number): number {
    if (at < this.#lineFrom || at > this.#lineTo) {
      const found = this.#text.indexOf('\n', at)
      this.#lineFrom = at
      this.#lineTo = found < 0 ? this.#text.length : found
    }
    const end = this.#lineTo
    if (end === this.#text.length) return end
    return end > at && this.#text.charCodeAt(end - 1) === CR ? end - 1 : end
  }

  /** Only white space and a comment may follow; the start of the next line. */
  #restOfLine(at: number): number {
    let end = at
    while (this.#text.charCodeAt(end) === SPACE) end++
    const code = this.#text.charCodeAt(end)
    if (code === LF || code === CR || Number.isNaN(code) || (code === HASH && end > at))
      return this.#lineAfter(end)
    throw DECLINED
  }

  #isItem(at: number): boolean {
    if (this.#text.charCodeAt(at) !== DASH) return false
    return isBlank(this.#text.charCodeAt(at + 1))
  }

  #map(indent: number): YamlMap {
    if (++this.#depth > MAX_DEPTH) throw DECLINED
    const start = this.#at
    const entries = new Entries()
    let end = start
    while (this.#indent === indent && !this.#isItem(this.#at)) {
      const entry = this.#entry(indent)
      entries.add(entry)
      end = entry.value.end
    }
    if (this.#indent > indent || entries.list.length === 0) throw DECLINED
    this.#depth--
    return { type: 'map', start, end, entries: entries.list }
  }

  #entry(indent: number): YamlEntry {
    const start = this.#at
    const key = this.#key(start)
    const end = this.#keyEnd
    if (this.#text.charCodeAt(end) !== COLON) throw DECLINED
    return { key, keySpan: { start, end }, value: this.#value(end + 1, indent, true) }
  }

  /** The key at an offset; `#keyEnd` is where it ends. */
  #key(at: number): string {
    const first = this.#text.charCodeAt(at)
    if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
      const scalar = this.#quoted(at)
      this.#keyEnd = scalar.end
      return scalar.text
    }
    this.#keyEnd = plainKeyEnd(this.#text, at)
    if (this.#keyEnd === at || this.#keyEnd - at > MAX_KEY) throw DECLINED
    return this.#text.slice(at, this.#keyEnd)
  }

  /** What stands behind the `:` of a key or the `-` of an item, at `at`; deeper than `indent`. */
  #value(at: number, indent: number, ofKey: boolean): YamlNode {
    let from = at
    while (this.#text.charCodeAt(from) === SPACE) from++
    const code = this.#text.charCodeAt(from)
    if (code === LF || code === CR || Number.isNaN(code) || (code === HASH && from > at)) {
      this.#next(this.#lineAfter(from))
      if (this.#indent > indent)
        return this.#isItem(this.#at) ? this.#seq(this.#indent) : this.#map(this.#indent)
      if (!ofKey) throw DECLINED
      return this.#indent === indent && this.#isItem(this.#at) ? this.#seq(indent) : nullAt(at)
    }
    if (from === at) throw DECLINED
    return this.#inline(from, indent)
  }

  #inline(at: number, indent: number): YamlNode {
    const first = this.#text.charCodeAt(at)
    if (first === BAR || first === GREATER) return this.#blockText(at, indent)
    const node =
      first === OPEN_BRACKET || first === OPEN_BRACE
        ? this.#flow(at, 0)
        : first === DOUBLE_QUOTE || first === SINGLE_QUOTE
          ? this.#quoted(at)
          : this.#plain(at)
    this.#next(this.#restOfLine(node.end))
    if (this.#indent > indent) throw DECLINED
    return node
  }

  #seq(indent: number): YamlSeq {
    if (++this.#depth > MAX_DEPTH) throw DECLINED
    const start = this.#at
    const items: YamlNode[] = []
    let end = start
    while (this.#indent === indent && this.#isItem(this.#at)) {
      const item = this.#item(indent)
      items.push(item)
      end = item.end
    }
    if (this.#indent > indent) throw DECLINED
    this.#depth--
    return { type: 'seq', start, end, items }
  }

  #item(indent: number): YamlNode {
    const dash = this.#at
    let at = dash + 1
    while (this.#text.charCodeAt(at) === SPACE) at++
    const nested = indent + at - dash
    if (this.#isItem(at) && at > dash + 1) {
      this.#at = at
      this.#indent = nested
      return this.#seq(nested)
    }
    if (this.#startsEntry(at)) {
      this.#at = at
      this.#indent = nested
      return this.#map(nested)
    }
    return this.#value(dash + 1, indent, false)
  }

  /** Whether a key with its colon stands here. */
  #startsEntry(at: number): boolean {
    const first = this.#text.charCodeAt(at)
    const end =
      first === DOUBLE_QUOTE || first === SINGLE_QUOTE
        ? this.#quoted(at).end
        : plainKeyEnd(this.#text, at)
    return (
      end > at && this.#text.charCodeAt(end) === COLON && isBlank(this.#text.charCodeAt(end + 1))
    )
  }

  #plain(at: number): YamlScalar {
    const text = this.#text
    if (!this.#beginsPlain(at)) throw DECLINED
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

  #beginsPlain(at: number): boolean {
    const first = this.#text.charCodeAt(at)
    return (
      isWord(first) ||
      !INDICATORS.has(this.#text[at] ?? '') ||
      (first === DASH && this.#text.charCodeAt(at + 1) > SPACE)
    )
  }

  #plainScalar(start: number, end: number): YamlScalar {
    const text = this.#text.slice(start, end)
    return { type: 'scalar', value: plainValue(text), text, quoted: false, start, end }
  }

  #nextBackslash(from: number): number {
    if (from < this.#backslashFrom || from > this.#backslash) {
      const found = this.#text.indexOf('\\', from)
      this.#backslashFrom = from
      this.#backslash = found < 0 ? this.#text.length : found
    }
    return this.#backslash
  }

  #quoted(at: number): YamlScalar {
    const quote = this.#text[at] ?? ''
    const lineEnd = this.#lineEnd(at)
    let value = ''
    for (let from = at + 1; ;) {
      const close = this.#text.indexOf(quote, from)
      if (close < 0 || close >= lineEnd) throw DECLINED
      const escape = quote === '"' ? this.#nextBackslash(from) : close
      if (escape < close) {
        const character = SIMPLE_ESCAPES.get(this.#text[escape + 1] ?? '')
        if (character === undefined) throw DECLINED
        value += this.#text.slice(from, escape) + character
        from = escape + 2
      } else if (quote === "'" && this.#text[close + 1] === "'") {
        value += this.#text.slice(from, close + 1)
        from = close + 2
      } else {
        value += this.#text.slice(from, close)
        return { type: 'scalar', value, text: value, quoted: true, start: at, end: close + 1 }
      }
    }
  }

  #flow(at: number, depth: number): YamlMap | YamlSeq {
    if (depth + this.#depth > MAX_DEPTH) throw DECLINED
    return this.#text.charCodeAt(at) === OPEN_BRACE
      ? this.#flowMap(at, depth)
      : this.#flowSeq(at, depth)
  }

  #flowMap(at: number, depth: number): YamlMap {
    const entries = new Entries()
    let from = this.#skip(at + 1)
    while (this.#text.charCodeAt(from) !== CLOSE_BRACE) {
      const key = this.#key(from)
      const end = this.#keyEnd
      if (this.#text.charCodeAt(end) !== COLON || this.#text.charCodeAt(end + 1) !== SPACE)
        throw DECLINED
      const value = this.#flowValue(this.#skip(end + 1), depth)
      entries.add({ key, keySpan: { start: from, end }, value })
      from = this.#nextPart(value.end, CLOSE_BRACE)
    }
    return { type: 'map', start: at, end: from + 1, entries: entries.list }
  }

  #flowSeq(at: number, depth: number): YamlSeq {
    const items: YamlNode[] = []
    let from = this.#skip(at + 1)
    while (this.#text.charCodeAt(from) !== CLOSE_BRACKET) {
      const item = this.#flowValue(from, depth)
      items.push(item)
      from = this.#nextPart(item.end, CLOSE_BRACKET)
    }
    return { type: 'seq', start: at, end: from + 1, items }
  }

  /** The next part of a flow collection behind one that ends here, or the collection's end. */
  #nextPart(end: number, close: number): number {
    const at = this.#skip(end)
    const code = this.#text.charCodeAt(at)
    if (code === COMMA) return this.#skip(at + 1)
    if (code !== close) throw DECLINED
    return at
  }

  #flowValue(at: number, depth: number): YamlNode {
    const text = this.#text
    const first = text.charCodeAt(at)
    if (first === OPEN_BRACKET || first === OPEN_BRACE) return this.#flow(at, depth + 1)
    if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) return this.#quoted(at)
    if (!this.#beginsPlain(at) || (first === DASH && !isKeyUnit(text.charCodeAt(at + 1))))
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

  #skip(at: number): number {
    let from = at
    while (this.#text.charCodeAt(from) === SPACE) from++
    return from
  }

  /** Block text without indentation indicator; folded text only where nothing but the line breaks folds. */
  #blockText(at: number, indent: number): YamlScalar {
    const folded = this.#text[at] === '>'
    const strip = this.#text[at + 1] === '-'
    let from = this.#restOfLine(at + (strip ? 2 : 1))
    const lines: string[] = []
    let block = -1
    let end = at
    for (;;) {
      if (from >= this.#text.length) break
      const lineEnd = this.#lineEnd(from)
      let first = from
      while (this.#text.charCodeAt(first) === SPACE) first++
      const depth = first - from
      if (first >= lineEnd) {
        if (depth > Math.max(block, 0) || (block < 0 && depth > 0)) throw DECLINED
        lines.push('')
      } else {
        if (block < 0 && depth > indent) block = depth
        if (depth < block || block < 0) {
          if (depth > indent) throw DECLINED
          break
        }
        lines.push(this.#text.slice(from + block, lineEnd))
        end = trimmedEnd(this.#text, at, lineEnd)
      }
      const next = this.#lineAfter(from)
      if (next === this.#text.length && this.#text.charCodeAt(next - 1) !== LF) throw DECLINED
      from = next
    }
    if (block < 0) throw DECLINED
    while (lines[lines.length - 1] === '') lines.pop()
    if (folded && lines.some((line) => line === '' || line.startsWith(' ') || line.endsWith(' ')))
      throw DECLINED
    this.#next(from)
    const value = lines.join(folded ? ' ' : '\n') + (strip ? '' : '\n')
    return { type: 'scalar', value, text: value, quoted: true, start: at, end }
  }
}

const FEW_KEYS = 12

/** The entries of one mapping, of which no two may have the same key. Most mappings have too few for a set to pay. */
class Entries {
  readonly list: YamlEntry[] = []
  #keys: Set<string> | undefined

  add(entry: YamlEntry): void {
    if (this.#has(entry.key)) throw DECLINED
    this.list.push(entry)
    if (this.#keys) this.#keys.add(entry.key)
    else if (this.list.length > FEW_KEYS) this.#keys = new Set(this.list.map(({ key }) => key))
  }

  #has(key: string): boolean {
    if (this.#keys) return this.#keys.has(key)
    for (const entry of this.list) if (entry.key === key) return true
    return false
  }
}

/** Where the plain key at an offset ends; there, if none begins. */
function plainKeyEnd(text: string, at: number): number {
  if (!isWord(text.charCodeAt(at))) return at
  let end = at + 1
  while (isKeyUnit(text.charCodeAt(end))) end++
  return end
}

/** Where the text from `start` to `end` ends without white space. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let last = end
  while (last > start && ' \t\r\n'.includes(text[last - 1] ?? '')) last--
  return last
}

function nullAt(at: number): YamlScalar {
  return { type: 'scalar', value: null, text: '', quoted: false, start: at, end: at }
}
