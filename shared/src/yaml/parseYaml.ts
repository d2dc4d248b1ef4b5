import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, Node, Scalar, YAMLMap } from 'yaml'
import type { Span } from '../text/lineIndex.js'
import type { YamlEntry, YamlMap, YamlNode, YamlProblem, YamlScalar } from './node.js'
import { readBlockYaml, trimmedEnd } from './readBlockYaml.js'
import { NONE } from '../text/collections.js'

/** What a document's text says. `root` is undefined where there is no content at all. */
interface ParsedYaml {
  readonly root: YamlNode | undefined
  readonly problems: readonly YamlProblem[]
}

/** More problems than this in one document help nobody: the first broken line causes the rest. */
const MAX_PROBLEMS = 5
/** Nodes that aliases and merge keys may add to one document before it is refused. */
const ALIAS_BUDGET = 20_000
/** Deeper than any Kubernetes object; deeper text is refused. */
const MAX_DEPTH = 200
/** Of a line that is pointed at. */
const MAX_LINE = 200
const CONFLICT = /^(?:<{7} .*|={7}|>{7} .*)$/m
/** The API server takes no object above 1.5 MiB. */
const MAX_LENGTH = 1_600_000
/**
 * Lines, brackets, commas, colons and quotes in a document that the `yaml` package reads. There is no deadline in synchronous code; this is the work that
 * there is at most: a node or an error costs some microseconds and comes with one of these. No object comes near it.
 */
const MAX_MARKS = 250_000
const MARK = /[\n\r[\]{},:"']/g

/**
 * Reads one YAML document. Never throws: what cannot be read becomes a problem, and what can be read around it stays.
 *
 * @param text one document, as `splitDocuments` gives it; spans are UTF-16 offsets in it.
 */
export function parseYaml(text: string): ParsedYaml {
  const root = readBlockYaml(text)
  return root ? { root, problems: NONE } : parseAnyYaml(text)
}

/** Reads any document, by the `yaml` package. */
export function parseAnyYaml(text: string): ParsedYaml {
  if (text.length > MAX_LENGTH || (text.length > MAX_MARKS && marksIn(text) > MAX_MARKS))
    return refused('it is too large', text)
  let document: Document.Parsed
  try {
    document = withoutStackTraces(() =>
      parseDocument(withLineFeeds(text), {
        uniqueKeys: false,
        prettyErrors: false,
        logLevel: 'silent',
        strict: false,
        merge: false,
      }),
    )
  } catch (error) {
    return refused(messageOf(error), text)
  }
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION'))
    return refused('it is nested too deeply', text)
  const conflict = document.errors.length > 0 ? CONFLICT.exec(text) : null
  const problems: YamlProblem[] = conflict
    ? [{ message: 'A merge conflict is not resolved here.', span: spanAt(conflict) }]
    : document.errors.slice(0, MAX_PROBLEMS).map((error) => ({
        message: sentence(error.message),
        span: spanWithin(text, error.pos),
      }))
  const convert = new Converter(text, problems)
  const root = document.contents === null ? undefined : convert.node(document.contents, 0)
  return convert.tooDeep
    ? refused('it is nested too deeply', text)
    : { root, problems: problems.slice(0, MAX_PROBLEMS) }
}

function spanAt(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length }
}

/** `yaml` points behind the text where something is missing at its end, and behind the carriage return at the end of a line. */
function spanWithin(text: string, [from, to]: readonly [number, number]): Span {
  const onLine = (at: number): number =>
    text[at - 1] === '\r' && (text[at] === '\n' || at === text.length) ? at - 1 : at
  const start = onLine(Math.min(from, text.length))
  return { start, end: Math.max(start, onLine(Math.min(to, text.length))) }
}

/** `yaml` makes an error for every broken line; their stack traces, which nobody reads, would cost more than reading the document. */
function withoutStackTraces<T>(work: () => T): T {
  const engine = Error as { stackTraceLimit?: number | undefined }
  const { stackTraceLimit } = engine
  engine.stackTraceLimit = 0
  try {
    return work()
  } finally {
    engine.stackTraceLimit = stackTraceLimit
  }
}

/** Counted up to one more than the limit. */
function marksIn(text: string): number {
  MARK.lastIndex = 0
  let count = 0
  while (count <= MAX_MARKS && MARK.test(text)) count++
  return count
}

/** Said of the first line that says something: the whole document would be underlined else. */
function refused(reason: string, text: string): ParsedYaml {
  const start = text.search(/[^\s-]/)
  const rest = text.slice(start, start + MAX_LINE)
  const end = start + (/[\r\n]/.exec(rest)?.index ?? rest.length)
  return {
    root: undefined,
    problems: [
      {
        message: `This document is not read: ${reason}.`,
        span: start < 0 ? { start: 0, end: 0 } : { start, end },
        isLimit: true,
      },
    ],
  }
}

/** A lone carriage return ends a line in YAML, for Kubernetes' parser and for editors, but not for the `yaml` package. Offsets stay. */
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text
}

function messageOf(error: unknown): string {
  return error instanceof RangeError
    ? 'it is nested too deeply'
    : error instanceof Error
      ? error.message
      : String(error)
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}

/** From the `yaml` package's tree to ours. */
class Converter {
  readonly #text: string
  readonly #problems: YamlProblem[]
  readonly #anchors = new Map<string, YamlNode>()
  #aliasBudget = ALIAS_BUDGET
  #refused = false
  tooDeep = false

  constructor(text: string, problems: YamlProblem[]) {
    this.#text = text
    this.#problems = problems
  }

  node(node: Node | null | undefined, depth: number, at = 0): YamlNode {
    if (node === null || node === undefined) return nullAt(at)
    const span = spanOf(node, at)
    if (depth > MAX_DEPTH) {
      this.tooDeep = true
      return nullAt(span.start)
    }
    if (isAlias(node)) return this.#alias(node.source, span)
    const converted = this.#content(node, span, depth)
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined
    if (anchor !== undefined) this.#anchors.set(anchor, converted)
    return converted
  }

  /** A block collection ends where its last part ends, a flow collection at its bracket, block text with its last line. */
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

  /** An alias ends where it stands, not where its anchor does. */
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
      const value = this.#valueOf(asNode(pair.value), keySpan, depth)
      end = Math.max(keySpan.end, this.#endOf(asNode(pair.value), value))
      const key = isScalar(keyNode) ? scalarOf(keyNode, keySpan).text : ''
      if (key === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN') {
        for (const source of mapsOf(value)) merged.push(source)
        continue
      }
      if (keyNode !== null && !isScalar(keyNode))
        this.#complain('A key must be a string here.', keySpan)
      const earlier = seen.get(key)
      if (earlier !== undefined)
        this.#complain(
          `The key "${key}" stands twice in this mapping; the last one counts.`,
          keySpan,
        )
      const entry: YamlEntry = { key, keySpan, value }
      if (earlier !== undefined) entries[earlier] = entry
      else seen.set(key, entries.push(entry) - 1)
    }
    this.#merge(merged, entries, new Set(seen.keys()))
    return { entries, end }
  }

  /** An absent value stands behind its colon. */
  #valueOf(node: Node | null, key: Span, depth: number): YamlNode {
    const absent = node === null || (isScalar(node) && node.type === 'PLAIN' && node.source === '')
    return absent
      ? nullAt(this.#text[key.end] === ':' ? key.end + 1 : key.end)
      : this.node(node, depth + 1, key.end)
  }

  #merge(sources: readonly YamlMap[], entries: YamlEntry[], seen: Set<string>): void {
    for (const source of sources) {
      for (const entry of source.entries) {
        if (!this.#spend(1)) {
          this.#refuse(source, 'The merge keys of this document expand to more than can be read.')
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
      if (name !== '') this.#complain(`The alias "*${name}" names no anchor above it.`, span)
      return nullAt(span.start)
    }
    return this.#spend(sizeOf(target, this.#aliasBudget))
      ? target
      : this.#refuse(span, 'The aliases of this document expand to more than can be read.')
  }

  #spend(nodes: number): boolean {
    this.#aliasBudget -= nodes
    return this.#aliasBudget > 0
  }

  #complain(message: string, span: Span): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ message, span })
  }

  #refuse({ start, end }: Span, message: string): YamlNode {
    const span = { start, end }
    if (!this.#refused) this.#problems.unshift({ message, span })
    this.#refused = true
    return nullAt(span.start)
  }
}

function nullAt(at: number): YamlScalar {
  return { type: 'scalar', value: null, text: '', quoted: false, start: at, end: at }
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

/** Nodes below `node`, counted up to `limit`. */
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
