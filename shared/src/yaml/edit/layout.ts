import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml'
import type { CST, Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import { findHeredocDebris, blankOutDebris } from '../heredoc.js'
import type { PathSegment } from '../node.js'

/** A scalar or an alias. `end` is after its last character that is no line break. */
interface LayoutScalar {
  readonly type: 'scalar'
  readonly start: number
  readonly end: number
  /** The value has no text. */
  readonly absent: boolean
  readonly quote: '"' | "'" | undefined
  /** It has an anchor or a tag. */
  readonly decorated: boolean
}

/**
 * A map or list. `end` is after its last item (block style) or its closing bracket (flow style),
 * without comments.
 */
export interface LayoutCollection {
  readonly type: 'map' | 'seq'
  readonly start: number
  readonly end: number
  readonly flow: boolean
  readonly decorated: boolean
  readonly items: readonly LayoutItem[]
}

export type LayoutNode = LayoutScalar | LayoutCollection

/** The text of an entry of a map or an item of a list. */
export interface LayoutItem {
  /** Undefined for list items. */
  readonly key: string | undefined
  /** In block style the dash of a list item; else the key or value with its anchor and tag. */
  readonly start: number
  readonly keyStart: number
  /** The offset after the key. */
  readonly keyEnd: number
  readonly keyQuote: LayoutScalar['quote']
  /** The offset after the colon or dash; undefined if there is none. */
  readonly indicatorEnd: number | undefined
  readonly end: number
  readonly value: LayoutNode
}

/**
 * Where the entries and items of a document start and end. Undefined if it has no content, or uses
 * explicit keys (`? key`).
 */
export function layoutOf(text: string): LayoutNode | undefined {
  const readable = blankOutDebris(text, findHeredocDebris(text))
  try {
    const document = parseDocument(readable, {
      keepSourceTokens: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      strict: false,
      merge: false,
    })
    return document.contents ? new LayoutBuilder(readable).node(document.contents, 0) : undefined
  } catch (error) {
    if (error instanceof NotEditable || error instanceof RangeError) return undefined
    throw error
  }
}

export function itemOf(node: LayoutNode, segment: PathSegment): LayoutItem | undefined {
  if (node.type === 'seq') return typeof segment === 'number' ? node.items[segment] : undefined
  return node.type === 'map'
    ? node.items.findLast((item) => item.key === String(segment))
    : undefined
}

class NotEditable extends Error {}

class LayoutBuilder {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  node(node: unknown, at: number): LayoutNode {
    if (isMap(node)) return this.#collection(node, 'map', this.#pairs(node))
    if (isSeq(node)) return this.#collection(node, 'seq', this.#items(node))
    const range = (node as Node | null | undefined)?.range
    const start = range?.[0] ?? at
    const written = this.#text.slice(start, range?.[1] ?? at).trimEnd()
    const quote = isScalar(node) ? quoteOf(node.type) : undefined
    return {
      type: 'scalar',
      start,
      end: start + written.length,
      absent: written === '',
      quote,
      decorated: isDecorated(node),
    }
  }

  #collection(node: YAMLMap | YAMLSeq, type: 'map' | 'seq', items: LayoutItem[]): LayoutCollection {
    const range = node.range
    if (!range) throw new NotEditable()
    const flow = node.flow === true
    return {
      type,
      start: range[0],
      end: flow ? range[1] : (items.at(-1)?.end ?? range[0]),
      flow,
      decorated: isDecorated(node),
      items,
    }
  }

  #pairs(map: YAMLMap): LayoutItem[] {
    return map.items.map((pair: Pair): LayoutItem => {
      const tokens = (pair as { srcToken?: CST.CollectionItem }).srcToken
      const key = pair.key
      if (
        !isScalar(key) ||
        !key.range ||
        !tokens ||
        tokens.start.some(({ type }) => type === 'explicit-key-ind')
      )
        throw new NotEditable()
      const keyEnd = key.range[1]
      const colon = tokens.sep?.find(({ type }) => type === 'map-value-ind')
      const indicatorEnd = colon && endOf(colon)
      const value = this.node(pair.value, indicatorEnd ?? keyEnd)
      return {
        key:
          quoteOf(key.type) === undefined ? (key.source ?? String(key.value)) : String(key.value),
        start: Math.min(key.range[0], propsStart(tokens.start) ?? key.range[0]),
        keyStart: key.range[0],
        keyEnd,
        keyQuote: quoteOf(key.type),
        indicatorEnd,
        end: Math.max(
          keyEnd,
          indicatorEnd ?? 0,
          endOfProps(tokens.sep ?? []),
          value.type === 'scalar' && value.absent ? 0 : value.end,
        ),
        value,
      }
    })
  }

  #items(seq: YAMLSeq): LayoutItem[] {
    const source =
      (seq.srcToken as { items?: readonly CST.CollectionItem[] } | undefined)?.items ?? []
    const tokens =
      seq.flow === true
        ? source
        : source.filter(({ start }) => start.some(({ type }) => type === 'seq-item-ind'))
    return seq.items.map((item, index): LayoutItem => {
      if (isPair(item)) throw new NotEditable()
      const before = tokens[index]?.start ?? []
      const dash = before.find(({ type }) => type === 'seq-item-ind')
      if (seq.flow !== true && !dash) throw new NotEditable()
      const value = this.node(item, dash ? endOf(dash) : 0)
      const start = dash?.offset ?? Math.min(value.start, propsStart(before) ?? value.start)
      return {
        key: undefined,
        start,
        keyStart: start,
        keyEnd: start,
        keyQuote: undefined,
        indicatorEnd: dash && endOf(dash),
        end: Math.max(
          dash ? endOf(dash) : 0,
          endOfProps(before),
          value.type === 'scalar' && value.absent ? 0 : value.end,
        ),
        value,
      }
    })
  }
}

function isDecorated(node: unknown): boolean {
  const { anchor, tag } = (node ?? {}) as { anchor?: string; tag?: string }
  return anchor !== undefined || tag !== undefined
}

function quoteOf(type: string | undefined): LayoutScalar['quote'] {
  return type === 'QUOTE_DOUBLE' ? '"' : type === 'QUOTE_SINGLE' ? "'" : undefined
}

function endOf(token: CST.SourceToken): number {
  return token.offset + token.source.length
}

function propsStart(tokens: readonly CST.SourceToken[]): number | undefined {
  return tokens.find(({ type }) => type === 'anchor' || type === 'tag')?.offset
}

function endOfProps(tokens: readonly CST.SourceToken[]): number {
  return Math.max(0, ...tokens.filter(({ type }) => type === 'anchor' || type === 'tag').map(endOf))
}
