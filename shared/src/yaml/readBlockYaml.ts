import { readBlockText } from './block/blockText.js'
import { DECLINED } from './block/declined.js'
import { Entries } from './block/entries.js'
import { FlowReader, MAX_DEPTH } from './block/flow.js'
import { isQuote } from './block/scalars.js'
import {
  AMPERSAND,
  ASTERISK,
  BAR,
  COLON,
  CR,
  DASH,
  DOT,
  GREATER,
  HASH,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  isBlank,
} from './characters.js'
import {
  nullAt,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlSeq,
} from './node.js'

/** Tabs, control characters and byte order marks. */
const UNUSUAL = /[\0-\t\v\f\x0e-\x1f\x7f\uFEFF]/
const LONE_CR = /\r(?!\n)/
/** The name of an anchor or an alias. The `yaml` package reads all other names. */
const ANCHOR_NAME = /[\w-]+(?=[ \r\n]|$)/y
/** The `yaml` package reads documents with more aliases, and counts what they add. */
const MAX_ALIASES = 1_000

/**
 * Reads the subset of YAML in which almost all manifests are written, several times as fast as the
 * `yaml` package: block mappings and lists, scalars and flow collections on one line, block text,
 * anchors of scalars on one line, and their aliases.
 *
 * Returns undefined for a document with anything else: other anchors, tags, directives, tabs,
 * scalars over several lines, duplicate keys, any error. The `yaml` package then reads it. If a
 * tree is returned, it is the one that `yaml` gives, with the same spans and without errors.
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

/** Reads block collections. */
class BlockReader extends FlowReader {
  /** Offset of the first character of the current line that is not a space. */
  #at = 0
  /** Indentation of the current line; -1 at the end of the document. */
  #indent = 0
  #depth = 0
  /** The end of the value that was read last. The node of an alias ends where its anchor ends. */
  #valueEnd = 0
  #anchors: Map<string, YamlScalar> | undefined
  #aliases = 0

  document(): YamlMap {
    this.#moveToLine(0)
    if (this.#indent === 0 && this.text.startsWith('---', this.#at))
      this.#moveToLine(this.finishLine(this.#at + 3))
    if (this.#indent !== 0 || this.#isItem(this.#at)) throw DECLINED
    const map = this.#map(0)
    if (!this.#hasEnded()) throw DECLINED
    return map
  }

  #hasEnded(): boolean {
    return this.#indent < 0
  }

  /** Moves to the first line with content, from the start of a line on. */
  #moveToLine(from: number): void {
    const { text } = this
    for (let start = from; start < text.length;) {
      const at = this.skipSpaces(start)
      const code = text.charCodeAt(at)
      if (code === LF) start = at + 1
      else if (code === CR) start = at + 2
      else if (code === HASH) start = this.startOfNextLine(at)
      else if (Number.isNaN(code)) break
      else {
        this.#at = at
        this.#indent = at - start
        if (this.#indent !== 0 || code !== DOT || !text.startsWith('...', at)) return
        this.#checkEnd(this.finishLine(at + 3))
        break
      }
    }
    this.#at = text.length
    this.#indent = -1
  }

  /** Only comments may follow the end marker `...`. */
  #checkEnd(from: number): void {
    if (/^ *[^ #\r\n]/m.test(this.text.slice(from))) throw DECLINED
  }

  #isItem(at: number): boolean {
    return this.text.charCodeAt(at) === DASH && isBlank(this.text.charCodeAt(at + 1))
  }

  #map(indent: number): YamlMap {
    if (++this.#depth > MAX_DEPTH) throw DECLINED
    const start = this.#at
    const entries = new Entries()
    let end = start
    while (this.#indent === indent && !this.#isItem(this.#at)) {
      const entry = this.#entry(indent)
      entries.add(entry)
      end = this.#valueEnd
    }
    if (this.#indent > indent || entries.list.length === 0) throw DECLINED
    this.#depth--
    return { type: 'map', start, end, entries: entries.list }
  }

  #entry(indent: number): YamlEntry {
    const start = this.#at
    const key = this.key(start)
    const end = this.keyEnd
    if (this.text.charCodeAt(end) !== COLON) throw DECLINED
    return { key, keySpan: { start, end }, value: this.#value(end + 1, indent, true) }
  }

  #seq(indent: number): YamlSeq {
    if (++this.#depth > MAX_DEPTH) throw DECLINED
    const start = this.#at
    const items: YamlNode[] = []
    let end = start
    while (this.#indent === indent && this.#isItem(this.#at)) {
      const item = this.#item(indent)
      items.push(item)
      end = this.#valueEnd
    }
    if (this.#indent > indent) throw DECLINED
    this.#depth--
    return { type: 'seq', start, end, items }
  }

  #item(indent: number): YamlNode {
    const dash = this.#at
    const at = this.skipSpaces(dash + 1)
    const nested = indent + at - dash
    if (this.#isItem(at) && at > dash + 1) {
      this.#at = at
      this.#indent = nested
      return this.#seq(nested)
    }
    if (this.isKeyAt(at)) {
      this.#at = at
      this.#indent = nested
      return this.#map(nested)
    }
    return this.#value(dash + 1, indent, false)
  }

  /** The value after the `:` of a key or the `-` of an item, which is at `indent`. */
  #value(at: number, indent: number, ofKey: boolean): YamlNode {
    const from = this.skipSpaces(at)
    const code = this.text.charCodeAt(from)
    if (code === LF || code === CR || Number.isNaN(code) || (code === HASH && from > at)) {
      this.#moveToLine(this.startOfNextLine(from))
      if (this.#indent > indent)
        return this.#isItem(this.#at) ? this.#seq(this.#indent) : this.#map(this.#indent)
      if (!ofKey) throw DECLINED
      if (this.#indent === indent && this.#isItem(this.#at)) return this.#seq(indent)
      this.#valueEnd = at
      return nullAt(at)
    }
    if (from === at) throw DECLINED
    return this.#inlineValue(from, indent)
  }

  /** A value that starts on the line of its key or dash. */
  #inlineValue(at: number, indent: number): YamlNode {
    const first = this.text.charCodeAt(at)
    if (first === BAR || first === GREATER) {
      const { scalar, next } = readBlockText(this, at, indent)
      this.#valueEnd = scalar.end
      this.#moveToLine(next)
      return scalar
    }
    const node =
      first === ASTERISK
        ? this.#alias(at)
        : first === AMPERSAND
          ? this.#anchored(at)
          : first === OPEN_BRACKET || first === OPEN_BRACE
            ? this.flowCollection(at, this.#depth)
            : this.#scalar(at)
    if (first !== ASTERISK) this.#valueEnd = node.end
    this.#moveToLine(this.finishLine(this.#valueEnd))
    if (this.#indent > indent) throw DECLINED
    return node
  }

  #scalar(at: number): YamlScalar {
    return isQuote(this.text.charCodeAt(at)) ? this.quoted(at) : this.plain(at)
  }

  #anchored(at: number): YamlScalar {
    const end = this.#anchorNameEnd(at + 1)
    const from = this.skipSpaces(end)
    if (from === end) throw DECLINED
    const scalar = this.#scalar(from)
    this.#anchors ??= new Map()
    this.#anchors.set(this.text.slice(at + 1, end), scalar)
    return scalar
  }

  #alias(at: number): YamlScalar {
    const end = this.#anchorNameEnd(at + 1)
    const target = this.#anchors?.get(this.text.slice(at + 1, end))
    if (!target || ++this.#aliases > MAX_ALIASES) throw DECLINED
    this.#valueEnd = end
    return target
  }

  #anchorNameEnd(at: number): number {
    ANCHOR_NAME.lastIndex = at
    if (!ANCHOR_NAME.test(this.text)) throw DECLINED
    return ANCHOR_NAME.lastIndex
  }
}
