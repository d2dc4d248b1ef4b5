import type { LayoutCollection } from './layout.js'
import {
  beforeOnLine,
  columnOf,
  endOfLineBefore,
  isBlankText,
  endOfLine,
  startOfLine,
  startOfNextLine,
} from './lines.js'
import type { TextEdit } from './textEdit.js'

/**
 * Removes an item from a map or list that has other items. Undefined if the text around it does not
 * allow that.
 */
export function removeItem(
  text: string,
  parent: LayoutCollection,
  index: number,
): TextEdit[] | undefined {
  const item = parent.items[index]
  if (!item || parent.items.length < 2) return undefined
  return parent.flow ? removeFlowItem(text, parent, index) : removeBlockItem(text, parent, index)
}

function removeBlockItem(
  text: string,
  parent: LayoutCollection,
  index: number,
): TextEdit[] | undefined {
  const item = parent.items[index]
  if (!item) return undefined
  const before = beforeOnLine(text, item.start)
  if (isBlankText(before))
    return deletion(wholeLines(text, startOfLine(text, item.start), endOfItem(text, parent, index)))
  // The first entry of a list item is after the dash, where the next one moves.
  const next = parent.items[index + 1]
  if (!next || !/^[\s-]*$/.test(before)) return undefined
  return deletion({ start: item.start, end: nextOrComment(text, item.end, next.start) })
}

function removeFlowItem(
  text: string,
  parent: LayoutCollection,
  index: number,
): TextEdit[] | undefined {
  const item = parent.items[index]
  const next = parent.items[index + 1]
  const previous = parent.items[index - 1]
  if (!item) return undefined
  if (next) return deletion({ start: item.start, end: nextOrComment(text, item.end, next.start) })
  if (!previous) return undefined
  if (!text.slice(previous.end, item.start).includes('#'))
    return deletion({ start: previous.end, end: item.end })
  // There is a comment between: the comma before it stays, which is allowed before a bracket too.
  return isBlankText(beforeOnLine(text, item.start)) &&
    /^[\s,]*(?:#.*)?$/.test(text.slice(item.end, endOfLine(text, item.end)))
    ? deletion(wholeLines(text, startOfLine(text, item.start), endOfLine(text, item.end)))
    : undefined
}

/**
 * The end of the last line of a block item, with the comments below it that are indented deeper
 * than its key or dash.
 */
export function endOfItem(text: string, parent: LayoutCollection, index: number): number {
  const item = parent.items[index]
  if (!item) return parent.end
  let end = endOfLine(text, item.end)
  if (item.value.type === 'scalar') return end
  const column = columnOf(text, item.start)
  for (let at = startOfNextLine(text, end); at < text.length; at = startOfNextLine(text, at)) {
    const indent = text.slice(at, endOfLine(text, at)).search(/\S/)
    if (indent <= column || text[at + indent] !== '#') break
    end = endOfLine(text, at)
  }
  return end
}

/**
 * Removes the lines from `start`, the start of a line, to `end`, the end of a line. If these are
 * the last lines and the text has no final line break, the line break before them is removed.
 */
function wholeLines(text: string, start: number, end: number): TextEdit['span'] {
  return end === text.length
    ? { start: endOfLineBefore(text, start), end }
    : { start, end: startOfNextLine(text, end) }
}

function deletion(span: TextEdit['span']): TextEdit[] {
  return [{ span, newText: '' }]
}

/** The start of what follows an item: the first comment on a line of its own, or the next item. */
function nextOrComment(text: string, end: number, next: number): number {
  for (let at = startOfNextLine(text, end); at < next; at = startOfNextLine(text, at)) {
    const comment = /^[ \t]*#/.exec(text.slice(at, next))
    if (comment) return at + comment[0].length - 1
  }
  return next
}
