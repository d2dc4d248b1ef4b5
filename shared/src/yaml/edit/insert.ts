import type { LayoutCollection, LayoutItem } from './layout.js'
import {
  beforeOnLine,
  columnOf,
  endOfLineBefore,
  isBlankText,
  endOfLine,
  startOfLine,
} from './lines.js'
import { isFilled, type PlainValue } from './operation.js'
import { endOfItem } from './remove.js'
import { renderBlock, renderEntry, renderFlow, renderJson, renderScalar } from './render.js'
import { insertionIndex, type Style } from './style.js'
import type { TextEdit } from './textEdit.js'

/** A document with its style. */
export interface StyledText {
  readonly text: string
  readonly style: Style
}

/** Adds an entry to a map that has entries, at the usual place in manifests. */
export function insertEntry(
  { text, style }: StyledText,
  map: LayoutCollection,
  entry: { readonly key: string; readonly value: PlainValue },
): TextEdit[] {
  const next = map.items[insertionIndex(map, entry.key) ?? map.items.length]
  const sibling = next ?? map.items.at(-1)
  if (!sibling) return []
  if (map.flow) {
    const rendered = `${renderScalar(entry.key, style)}:${style.gap}${renderInFlow({ text, style }, sibling, entry.value)}`
    return next
      ? insertion(next.start, `${rendered},${separator({ text, style }, next)}`)
      : insertion(sibling.end, `,${separator({ text, style }, sibling)}${rendered}`)
  }
  const column = columnOf(text, sibling.start)
  const indent = ' '.repeat(column)
  const rendered = renderEntry(entry, column, style)
  if (!next)
    return insertion(endOfItem(text, map, map.items.length - 1), style.eol + indent + rendered)
  if (!isBlankText(beforeOnLine(text, next.start)))
    return insertion(next.start, rendered + style.eol + indent)
  return insertion(commentsAbove(text, next.start), indent + rendered + style.eol)
}

/** Adds items to the end of a list that has items. */
export function appendItems(
  { text, style }: StyledText,
  list: LayoutCollection,
  values: readonly PlainValue[],
): TextEdit[] {
  const last = list.items.at(-1)
  if (!last) return []
  if (list.flow) {
    const rendered = values.map(
      (value) =>
        `,${separator({ text, style }, last)}${renderInFlow({ text, style }, last, value)}`,
    )
    return insertion(last.end, rendered.join(''))
  }
  const column = columnOf(text, last.start)
  const sameLine = last.value.start < endOfLine(text, last.start)
  const dash = '-'.padEnd(sameLine ? Math.max(last.value.start - last.start, 2) : 2)
  const rendered = values.map(
    (value) =>
      style.eol + ' '.repeat(column) + dash + renderBlock(value, column + dash.length, style),
  )
  return insertion(endOfItem(text, list, list.items.length - 1), rendered.join(''))
}

/**
 * A value in flow style. JSON is written over several lines if its neighbour is on a line of its
 * own.
 */
export function renderInFlow(
  { text, style }: StyledText,
  neighbour: LayoutItem,
  value: PlainValue,
): string {
  const before = beforeOnLine(text, neighbour.start)
  return style.json && isFilled(value) && isBlankText(before)
    ? renderJson(value, before.length, style)
    : renderFlow(value, style)
}

/** The text between two items of a flow collection, after the comma. */
function separator({ text, style }: StyledText, sibling: LayoutItem): string {
  const before = beforeOnLine(text, sibling.start)
  return isBlankText(before) ? style.eol + before : style.gap
}

/**
 * The start of the comment lines directly above a key that are not indented deeper than the key.
 */
function commentsAbove(text: string, key: number): number {
  let top = startOfLine(text, key)
  while (top > 0) {
    const line = startOfLine(text, endOfLineBefore(text, top))
    const indent = text.slice(line, top).search(/\S/)
    if (text[line + indent] !== '#' || indent < 0 || indent > columnOf(text, key)) break
    top = line
  }
  return top
}

function insertion(at: number, newText: string): TextEdit[] {
  return [{ span: { start: at, end: at }, newText }]
}
