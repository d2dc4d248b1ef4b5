import { findHeredocDebris, blankOutDebris } from '../heredoc.js'
import { toPlain, type FieldPath } from '../node.js'
import { parseYaml } from '../parseYaml.js'
import { applyToPlain, plainAt, outermostRemovable, isSameData } from './applyToPlain.js'
import { appendItems, insertEntry, type StyledText } from './insert.js'
import { itemOf, layoutOf, type LayoutItem, type LayoutNode } from './layout.js'
import { startOfLine, startOfNextLine } from './lines.js'
import { isFilled, nestBelow, type Operation, type PlainValue } from './operation.js'
import { removeItem } from './remove.js'
import { renderScalar } from './render.js'
import { replaceValue } from './replace.js'
import { styleOf } from './style.js'
import { applyTextEdits, sortEdits, type TextEdit } from './textEdit.js'

/**
 * The text edits for an operation on one document. Everything else stays byte for byte, and new
 * text has the style of the text around it. The result is checked: it is read again and must be
 * what the operation makes of the data.
 *
 * @param text one document, as `splitDocuments` returns it. Edits are UTF-16 offsets in it.
 * @returns undefined if the operation does not fit the data, or the document cannot be edited
 * safely (anchors and merge keys, explicit keys, carriage returns alone, invalid YAML).
 */
export function editDocument(text: string, operation: Operation): TextEdit[] | undefined {
  // A carriage return alone ends a line in YAML. No editor writes it, so it is not supported.
  if (/\r(?!\n)/.test(text)) return undefined
  const before = read(text)
  const wanted = applyToPlain(before.value, operation)
  if (wanted === undefined) return undefined
  const edits =
    operation.op === 'delete-lines'
      ? deleteLines(text, operation.span)
      : planEdits(text, before.value, operation)
  if (!edits) return undefined
  const after = read(applyTextEdits(text, edits))
  const emptied = operation.op === 'delete-lines' && after.value === null
  return after.problems <= before.problems && (emptied || isSameData(after.value, wanted))
    ? edits
    : undefined
}

/**
 * The text edits for operations that replace single values of one document, each by another one: the document is read
 * once for all of them.
 *
 * @returns undefined if an operation does not fit, as for `editDocument`.
 */
export function replaceScalars(
  text: string,
  operations: readonly (Operation & { readonly op: 'set' })[],
): TextEdit[] | undefined {
  if (/\r(?!\n)/.test(text)) return undefined
  const before = read(text)
  const root = layoutOf(text)
  if (!root) return undefined
  const document: StyledText = { text, style: styleOf(text, root) }
  let wanted = before.value
  const edits: TextEdit[] = []
  for (const operation of operations) {
    if (!isScalar(plainAt(before.value, operation.path)) || !isScalar(operation.value))
      return undefined
    const made = setValue(document, root, { ...operation, data: before.value })
    const changed = applyToPlain(wanted, operation)
    if (!made || changed === undefined) return undefined
    wanted = changed
    edits.push(...made)
  }
  const sorted = sortEdits(edits)
  if (sorted.some(({ span }, index) => span.start < (sorted[index - 1]?.span.end ?? 0)))
    return undefined
  const after = read(applyTextEdits(text, sorted))
  return after.problems <= before.problems && isSameData(after.value, wanted) ? sorted : undefined
}

function isScalar(value: PlainValue | undefined): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null)
}

interface Reading {
  readonly value: PlainValue
  readonly problems: number
}

function read(text: string): Reading {
  const { root, problems } = parseYaml(blankOutDebris(text, findHeredocDebris(text)))
  return { value: root ? (toPlain(root) as PlainValue) : null, problems: problems.length }
}

type StructuralOperation = Exclude<Operation, { op: 'delete-lines' }>

function planEdits(
  text: string,
  data: PlainValue,
  operation: StructuralOperation,
): TextEdit[] | undefined {
  const root = layoutOf(text)
  if (!root) return undefined
  const document: StyledText = { text, style: styleOf(text, root) }
  switch (operation.op) {
    case 'set':
      return setValue(document, root, { ...operation, data })
    case 'append': {
      if (operation.values.length === 0) return []
      const list = find(root, operation.path)?.node
      return list?.type === 'seq' && list.items.length > 0
        ? appendItems(document, list, operation.values)
        : setValue(document, root, { path: operation.path, value: operation.values, data })
    }
    case 'remove': {
      const path = outermostRemovable(data, operation.path)
      const parent = path && find(root, path.slice(0, -1))?.node
      const item = path && parent && itemOf(parent, path.at(-1) ?? '')
      return item && parent.type !== 'scalar'
        ? removeItem(text, parent, parent.items.indexOf(item))
        : undefined
    }
    case 'rename': {
      const item = find(root, operation.path)?.item
      if (item?.key === undefined) return undefined
      return [
        {
          span: { start: item.keyStart, end: item.keyEnd },
          newText: renderScalar(operation.to, document.style, item.keyQuote),
        },
      ]
    }
    case 'comment':
      return addComment(document, root, operation)
  }
}

interface Found {
  readonly node: LayoutNode
  /** Undefined for the root. */
  readonly item: LayoutItem | undefined
  readonly inFlow: boolean
  /** The rest of the path, which the document does not have. */
  readonly rest: FieldPath
}

/** The node at a path, or its nearest ancestor that exists. */
function nearest(root: LayoutNode, path: FieldPath): Found {
  let found: Found = { node: root, item: undefined, inFlow: false, rest: path }
  for (const [depth, segment] of path.entries()) {
    const item = itemOf(found.node, segment)
    if (!item) break
    found = {
      node: item.value,
      item,
      inFlow: found.node.type !== 'scalar' && found.node.flow,
      rest: path.slice(depth + 1),
    }
  }
  return found
}

function find(root: LayoutNode, path: FieldPath): Found | undefined {
  const found = nearest(root, path)
  return found.rest.length === 0 ? found : undefined
}

function setValue(
  document: StyledText,
  root: LayoutNode,
  {
    path,
    value,
    data,
  }: { readonly path: FieldPath; readonly value: PlainValue; readonly data: PlainValue },
): TextEdit[] | undefined {
  const old = plainAt(data, path)
  const { node, item, inFlow, rest } = nearest(root, path)
  if (old !== undefined && isSameData(old, value) && !lacksQuotes(document, node, value)) return []
  const [key, ...below] = rest
  if (key !== undefined && node.type === 'map' && node.items.length > 0) {
    const nested = nestBelow(below, value)
    return nested === undefined
      ? undefined
      : insertEntry(document, node, { key: String(key), value: nested })
  }
  // A value that is not written here comes from an alias.
  if (rest.length > 0 && isFilled(plainAt(data, path.slice(0, -rest.length)) ?? null))
    return undefined
  const nested = nestBelow(rest, value)
  return item && nested !== undefined
    ? replaceValue(document, item, { value: nested, inFlow })
    : undefined
}

/**
 * Whether a string has no quotes and is something else in YAML 1.1, which `kubectl` reads: `yes`,
 * `on`.
 */
function lacksQuotes({ text, style }: StyledText, node: LayoutNode, value: PlainValue): boolean {
  return (
    node.type === 'scalar' &&
    node.quote === undefined &&
    text.slice(node.start, node.end) === value &&
    renderScalar(value, style) !== value
  )
}

function addComment(
  { text, style }: StyledText,
  root: LayoutNode,
  operation: { readonly path: FieldPath; readonly text: string },
): TextEdit[] | undefined {
  const { node, item } = nearest(root, operation.path)
  const at = startOfLine(text, item?.start ?? node.start)
  // Above the first line the comment would belong to the document before.
  if (style.json || text.startsWith('---', at)) return undefined
  const indent = /^[ \t]*/.exec(text.slice(at))?.[0] ?? ''
  return [
    {
      span: { start: at, end: at },
      newText: `${indent}# ${operation.text
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .join(' ')}${style.eol}`,
    },
  ]
}

function deleteLines(text: string, span: TextEdit['span']): TextEdit[] {
  const before = text.slice(startOfLine(text, span.start), span.start)
  if (text[span.start] === '#' && before.trim() !== '')
    return [
      {
        span: { start: span.start - (before.length - before.trimEnd().length), end: span.end },
        newText: '',
      },
    ]
  const last = span.end > span.start && text[span.end - 1] === '\n' ? span.end - 1 : span.end
  return [
    {
      span: { start: startOfLine(text, span.start), end: startOfNextLine(text, last) },
      newText: '',
    },
  ]
}
