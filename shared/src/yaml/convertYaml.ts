import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Node, Scalar, YAMLMap } from 'yaml'
import type { Span } from '../text/lineIndex.js'
import { trimmedEnd } from './block/lines.js'
import {
  nullAt,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlProblem,
  type YamlScalar,
} from './node.js'

/** Problems of one document that are reported. The first broken line causes most others. */
export const MAX_PROBLEMS = 5
/** Nodes that aliases and merge keys may add to one document. */
const ALIAS_BUDGET = 20_000
/** No Kubernetes object is nested deeper. */
const MAX_DEPTH = 200

/**
 * Converts the tree of the `yaml` package to ours, with aliases and merge keys resolved. Problems
 * are added to a list.
 */
export class YamlConverter {
  readonly #text: string
  readonly #problems: YamlProblem[]
  readonly #anchors = new Map<string, YamlNode>()
  #aliasBudget = ALIAS_BUDGET
  #isOverBudget = false
  #hasDuplicate = false
  /** Whether the document is nested deeper than `MAX_DEPTH`. */
  isTooDeep = false

  constructor(text: string, problems: YamlProblem[]) {
    this.#text = text
    this.#problems = problems
  }

  /** @param at the place of an absent node. */
  node(node: Node | null | undefined, depth: number, at = 0): YamlNode {
    if (node === null || node === undefined) return nullAt(at)
    const span = spanOf(node, at)
    if (depth > MAX_DEPTH) {
      this.isTooDeep = true
      return nullAt(span.start)
    }
    if (isAlias(node)) return this.#alias(node.source, span)
    const converted = this.#content(node, span, depth)
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined
    if (anchor !== undefined) this.#anchors.set(anchor, converted)
    return converted
  }

  /**
   * A block collection ends at the end of its last item, a flow collection after its bracket, block
   * text after its last line that is not blank.
   */
  #content(node: Node, span: Span, depth: number): YamlNode {
    if (isMap(node)) {
      const { entries, end } = this.#entries(node, span, depth)
      return { type: 'map', start: span.start, end: node.flow === true ? span.end : end, entries }
    }
    if (isSeq(node)) {
      let end = span.start
      const items = node.items.map((item) => {
        const converted = this.node(asNode(item), depth + 1, end)
        end = this.#endOf(asNode(item), converted)
        return converted
      })
      return { type: 'seq', start: span.start, end: node.flow === true ? span.end : end, items }
    }
    if (!isScalar(node)) return nullAt(span.start)
    const isBlockText = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
    return scalarOf(
      node,
      isBlockText ? { start: span.start, end: trimmedEnd(this.#text, span.start, span.end) } : span,
    )
  }

  /** The end of an item. An alias ends after its name, not where its anchor ends. */
  #endOf(node: Node | null, converted: YamlNode): number {
    return isAlias(node) ? spanOf(node, converted.end).end : converted.end
  }

  #entries(
    map: YAMLMap,
    span: Span,
    depth: number,
  ): { readonly entries: YamlEntry[]; readonly end: number } {
    let end = span.start
    const entries: YamlEntry[] = []
    const seen = new Map<string, number>()
    const merged: YamlMap[] = []
    for (const pair of map.items) {
      const keyNode = asNode(pair.key)
      const keySpan = keyNode ? spanOf(keyNode, span.start) : { start: span.start, end: span.start }
      const key = this.#keyOf(keyNode, keySpan)
      const value = this.#valueOf(asNode(pair.value), keySpan, depth)
      end = Math.max(keySpan.end, this.#endOf(asNode(pair.value), value))
      if (key === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN') {
        for (const source of mapsOf(value)) merged.push(source)
        continue
      }
      const earlier = seen.get(key)
      if (earlier !== undefined) this.#addDuplicate(key, keySpan)
      const entry: YamlEntry = { key, keySpan, value }
      if (earlier !== undefined) entries[earlier] = entry
      else seen.set(key, entries.push(entry) - 1)
    }
    this.#merge(merged, entries, new Set(seen.keys()))
    return { entries, end }
  }

  /** A key may be an alias, and may have an anchor. Anything but a scalar is a problem. */
  #keyOf(node: Node | null, span: Span): string {
    if (node === null) return ''
    if (isScalar(node)) {
      const scalar = scalarOf(node, span)
      if (node.anchor !== undefined) this.#anchors.set(node.anchor, scalar)
      return scalar.text
    }
    const target = isAlias(node) ? this.#alias(node.source, span) : undefined
    if (target?.type === 'scalar') return target.text
    this.#addProblem('A key must be a string.', span)
    return ''
  }

  /** The place of an absent value is after the colon. */
  #valueOf(node: Node | null, key: Span, depth: number): YamlNode {
    const absent = node === null || (isScalar(node) && node.type === 'PLAIN' && node.source === '')
    return absent
      ? nullAt(this.#text[key.end] === ':' ? key.end + 1 : key.end)
      : this.node(node, depth + 1, key.end)
  }

  #merge(sources: readonly YamlMap[], entries: YamlEntry[], seen: Set<string>): void {
    for (const source of sources) {
      for (const entry of source.entries) {
        if (!this.#countNodes(1)) {
          this.#giveUp(source, 'The merge keys of this document expand to too many values.')
          return
        }
        if (seen.has(entry.key)) continue
        seen.add(entry.key)
        entries.push(entry)
      }
    }
  }

  #alias(name: string, span: Span): YamlNode {
    const target = this.#anchors.get(name)
    if (!target) {
      if (name !== '') this.#addProblem(`Alias "*${name}" has no anchor before it.`, span)
      return nullAt(span.start)
    }
    return this.#countNodes(sizeOf(target, this.#aliasBudget))
      ? target
      : this.#giveUp(span, 'The aliases of this document expand to too many values.')
  }

  #countNodes(nodes: number): boolean {
    this.#aliasBudget -= nodes
    return this.#aliasBudget > 0
  }

  /** One problem for each document: the first key that is repeated. */
  #addDuplicate(key: string, span: Span): void {
    if (this.#hasDuplicate) return
    this.#hasDuplicate = true
    const message = `Duplicate key "${key}": only the last one counts.`
    this.#problems.push({ message, span, duplicateKey: key })
  }

  #addProblem(message: string, span: Span): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ message, span })
  }

  #giveUp({ start, end }: Span, message: string): YamlNode {
    const span = { start, end }
    if (!this.#isOverBudget) this.#problems.unshift({ message, span })
    this.#isOverBudget = true
    return nullAt(span.start)
  }
}

function asNode(value: unknown): Node | null {
  return value !== null && typeof value === 'object' && 'range' in value ? (value as Node) : null
}

function spanOf(node: Node, at: number): Span {
  const range = node.range
  return range ? { start: range[0], end: range[1] } : { start: at, end: at }
}

function scalarOf(node: Scalar, span: Span): YamlScalar {
  const quoted = node.type !== undefined && node.type !== 'PLAIN'
  const value = scalarValue(node.value)
  const text = quoted ? String(value ?? '') : (node.source ?? String(value ?? ''))
  return { type: 'scalar', value, text, quoted, ...span }
}

function scalarValue(value: unknown): YamlScalar['value'] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (typeof value === 'bigint') return Number(value)
  return null
}

function mapsOf(node: YamlNode): readonly YamlMap[] {
  if (node.type === 'map') return [node]
  return node.type === 'seq'
    ? node.items.filter((item): item is YamlMap => item.type === 'map')
    : []
}

/** The number of nodes in a tree, counted up to `limit`. */
function sizeOf(node: YamlNode, limit: number): number {
  let count = 0
  const pending: YamlNode[] = [node]
  while (pending.length > 0 && count <= limit) {
    const next = pending.pop()
    count++
    if (next?.type === 'seq') for (const item of next.items) pending.push(item)
    else if (next?.type === 'map') for (const { value } of next.entries) pending.push(value)
  }
  return count
}
