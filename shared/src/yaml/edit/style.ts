import { itemOf, type LayoutCollection, type LayoutNode } from './layout.js'
import { columnOf } from './lines.js'

/** The style of a document, which new text follows. */
export interface Style {
  readonly eol: '\n' | '\r\n'
  /** Indentation of keys below a key. */
  readonly step: number
  /** Indentation of the dashes of a list below a key. */
  readonly listStep: number
  /** The quotes of strings that need them. */
  readonly quote: '"' | "'"
  /** The document is JSON: every string is quoted, and there are no comments. */
  readonly json: boolean
  /** The blank inside of braces in flow style. */
  readonly padding: '' | ' '
  /** The blank between the items of JSON on one line. */
  readonly gap: '' | ' '
}

export function styleOf(text: string, root: LayoutNode): Style {
  const step =
    firstOf(root, (item, value) =>
      value.type === 'map' && item.key !== undefined
        ? columnOf(text, value.start) - columnOf(text, item.start)
        : 0,
    ) ?? 2
  const list = firstOf(root, (item, value) =>
    value.type === 'seq' && item.key !== undefined
      ? columnOf(text, value.start) - columnOf(text, item.start) + 1
      : 0,
  )
  const json = root.type === 'map' && root.flow && root.items.every((item) => item.keyQuote === '"')
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    step,
    listStep: list === undefined ? step : list - 1,
    quote: quoteOf(root),
    json,
    padding: !json && /\{ \S/.test(text) ? ' ' : '',
    gap: json && !/[^\\]": /.test(text) ? '' : ' ',
  }
}

/**
 * The first result above 0 for a block map or list and the item that contains it, in the order of
 * the text.
 */
function firstOf(
  node: LayoutNode,
  ask: (item: LayoutCollection['items'][number], value: LayoutCollection) => number,
): number | undefined {
  if (node.type === 'scalar') return undefined
  for (const item of node.items) {
    if (item.value.type === 'scalar' || item.value.flow) continue
    const answer = ask(item, item.value)
    const found = answer > 0 ? answer : firstOf(item.value, ask)
    if (found !== undefined) return found
  }
  return undefined
}

/** Single quotes if the document has no others. */
function quoteOf(root: LayoutNode): '"' | "'" {
  const seen = new Set<string | undefined>()
  const visit = (node: LayoutNode): void => {
    if (node.type === 'scalar') seen.add(node.quote)
    else
      for (const { keyQuote, value } of node.items) {
        seen.add(keyQuote)
        visit(value)
      }
  }
  visit(root)
  return seen.has("'") && !seen.has('"') ? "'" : '"'
}

/** The usual order of keys in manifests. */
const KEY_ORDERS: readonly (readonly string[])[] = [
  ['apiVersion', 'kind', 'metadata', 'spec'],
  ['name', 'generateName', 'namespace', 'labels', 'annotations'],
  [
    'selector',
    'targetRef',
    'targetRefs',
    'action',
    'provider',
    'mtls',
    'portLevelMtls',
    'jwtRules',
    'rules',
  ],
  ['from', 'to', 'when'],
  ['group', 'kind', 'name', 'namespace'],
]

/** Index of the entry above which a new key is inserted; undefined: at the end. */
export function insertionIndex(map: LayoutCollection, key: string): number | undefined {
  for (const order of KEY_ORDERS) {
    const rank = order.indexOf(key)
    if (rank < 0 || !order.some((other) => itemOf(map, other))) continue
    const index = map.items.findIndex((item) => order.indexOf(item.key ?? '') > rank)
    return index < 0 ? undefined : index
  }
  return undefined
}
