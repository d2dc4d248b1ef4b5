import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  SPACE,
} from '../characters.js'
import type { YamlMap, YamlNode, YamlSeq } from '../node.js'
import { DECLINED } from './declined.js'
import { Entries } from './entries.js'
import { isQuote, ScalarReader } from './scalars.js'

/** The depth of nesting that is read. */
export const MAX_DEPTH = 60

/** Reads flow collections on one line. */
export class FlowReader extends ScalarReader {
  /** @param depth the number of collections around this one. */
  flowCollection(at: number, depth: number): YamlMap | YamlSeq {
    if (depth > MAX_DEPTH) throw DECLINED
    return this.text.charCodeAt(at) === OPEN_BRACE
      ? this.#flowMap(at, depth)
      : this.#flowSeq(at, depth)
  }

  #flowMap(at: number, depth: number): YamlMap {
    const entries = new Entries()
    let from = this.skipSpaces(at + 1)
    while (this.text.charCodeAt(from) !== CLOSE_BRACE) {
      const key = this.key(from)
      const end = this.keyEnd
      if (this.text.charCodeAt(end) !== COLON || this.text.charCodeAt(end + 1) !== SPACE)
        throw DECLINED
      const value = this.#flowValue(this.skipSpaces(end + 1), depth)
      entries.add({ key, keySpan: { start: from, end }, value })
      from = this.#nextItem(value.end, CLOSE_BRACE)
    }
    return { type: 'map', start: at, end: from + 1, entries: entries.list }
  }

  #flowSeq(at: number, depth: number): YamlSeq {
    const items: YamlNode[] = []
    let from = this.skipSpaces(at + 1)
    while (this.text.charCodeAt(from) !== CLOSE_BRACKET) {
      const item = this.#flowValue(from, depth)
      items.push(item)
      from = this.#nextItem(item.end, CLOSE_BRACKET)
    }
    return { type: 'seq', start: at, end: from + 1, items }
  }

  /** The offset of the next item after one that ends at `end`, or of the closing bracket. */
  #nextItem(end: number, close: number): number {
    const at = this.skipSpaces(end)
    const code = this.text.charCodeAt(at)
    if (code === COMMA) return this.skipSpaces(at + 1)
    if (code !== close) throw DECLINED
    return at
  }

  #flowValue(at: number, depth: number): YamlNode {
    const first = this.text.charCodeAt(at)
    if (first === OPEN_BRACKET || first === OPEN_BRACE) return this.flowCollection(at, depth + 1)
    return isQuote(first) ? this.quoted(at) : this.plainInFlow(at)
  }
}
