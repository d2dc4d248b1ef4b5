import { nearMiss } from '../mesh/nearMiss.js'
import type { Span } from '../text/lineIndex.js'
import { listed, quoted } from '../text/words.js'
import type { YamlEntry, YamlNode } from '../yaml/node.js'

/** The keys of a mapping, with their required ones. */
export interface KnownKeys {
  /** `a case`, as messages name the mapping. */
  readonly what: string
  readonly keys: readonly string[]
  readonly required?: readonly string[]
}

/** Reads the fields of a test file and collects the problems. */
export class FieldReader {
  readonly problems: { readonly message: string; readonly span: Span }[] = []

  report(span: Span, message: string): void {
    this.problems.push({ message, span: { start: span.start, end: span.end } })
  }

  /** The entries of a mapping by key. Reports unknown, empty and missing keys; the parser reports keys that are written twice. */
  fields(
    node: YamlNode,
    { what, keys, required = [] }: KnownKeys,
  ): ReadonlyMap<string, YamlEntry> | undefined {
    if (node.type !== 'map') {
      this.report(node, `${capital(what)} must be a mapping.`)
      return undefined
    }
    const found = new Map<string, YamlEntry>()
    for (const entry of node.entries) {
      if (!keys.includes(entry.key)) this.report(entry.keySpan, unknownKey(entry.key, what, keys))
      else if (isEmpty(entry.value))
        this.report(entry.keySpan, `The key ${quoted(entry.key)} has no value.`)
      else found.set(entry.key, entry)
    }
    const written = new Set(node.entries.map(({ key }) => key))
    const missing = required.filter((key) => !written.has(key))
    if (missing.length > 0)
      this.report(
        startOf(node),
        `${capital(what)} needs ${listed(missing.map((key) => quoted(key)))}.`,
      )
    return found
  }

  /** A text that is not empty. Numbers and other scalars are read as they are written. */
  text(node: YamlNode, what: string): string | undefined {
    if (node.type === 'scalar' && node.text !== '' && node.value !== null) return node.text
    this.report(node, `${capital(what)} must be a text.`)
    return undefined
  }

  /** The items of a list; a single value is a list of one. Reports an empty list. */
  items(node: YamlNode, what: string): readonly YamlNode[] {
    if (node.type !== 'seq') return [node]
    if (node.items.length === 0) this.report(node, `${capital(what)} must not be an empty list.`)
    return node.items
  }

  /** The texts of a list or of a single text. */
  texts(node: YamlNode, what: string): string[] {
    return this.items(node, what).flatMap((item) => this.text(item, what) ?? [])
  }

  oneOf<T extends string>(node: YamlNode, what: string, values: readonly T[]): T | undefined {
    const text = node.type === 'scalar' ? node.text : ''
    const found = values.find((value) => value === text)
    if (!found) this.report(node, `${capital(what)} must be ${listed(values, 'or')}.`)
    return found
  }
}

function unknownKey(key: string, what: string, keys: readonly string[]): string {
  const near = nearMiss(key, keys)
  const hint = near === undefined ? `Known keys: ${keys.join(', ')}.` : `Did you mean "${near}"?`
  return `Unknown key ${quoted(key)} in ${what}. ${hint}`
}

function isEmpty(node: YamlNode): boolean {
  return node.type === 'scalar' && node.value === null
}

/** The first character of a node, so that a missing key does not underline the whole mapping. */
function startOf(node: YamlNode): Span {
  const first = node.type === 'map' ? node.entries[0] : undefined
  return first?.keySpan ?? { start: node.start, end: Math.min(node.end, node.start + 1) }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
