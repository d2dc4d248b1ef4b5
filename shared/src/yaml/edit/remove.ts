import type { LayoutCollection } from './layout.js'
import {
  beforeOnLine,
  columnOf,
  endBefore,
  isBlank,
  lineEnd,
  lineStart,
  nextLine,
} from './lines.js'
import type { TextEdit } from './textEdit.js'

/** Takes an item out of a map or list that holds others too. Undefined where the text around it forbids. */
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
  if (isBlank(before))
    return deletion(wholeLines(text, lineStart(text, item.start), endOfItem(text, parent, index)))
  // The first of a list item stands behind its dash, which the next one takes over.
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
  // A comment stands between: the comma before it stays, as one before the bracket may.
  return isBlank(beforeOnLine(text, item.start)) &&
    /^[\s,]*(?:#.*)?$/.test(text.slice(item.end, lineEnd(text, item.end)))
    ? deletion(wholeLines(text, lineStart(text, item.start), lineEnd(text, item.end)))
    : undefined
}

/** Where a block item's last line ends, with comments below it that are indented deeper than its key or dash and so belong to it. */
export function endOfItem(text: string, parent: LayoutCollection, index: number): number {
  const item = parent.items[index]
  if (!item) return parent.end
  let end = lineEnd(text, item.end)
  if (item.value.type === 'scalar') return end
  const column = columnOf(text, item.start)
  for (let at = nextLine(text, end); at < text.length; at = nextLine(text, at)) {
    const indent = text.slice(at, lineEnd(text, at)).search(/\S/)
    if (indent <= column || text[at + indent] !== '#') break
    end = lineEnd(text, at)
  }
  return end
}

/** The lines from `start`, a line's start, to `end`, a line's end; the last lines of a text without final newline give up the one before them. */
function wholeLines(text: string, start: number, end: number): TextEdit['span'] {
  return end === text.length
    ? { start: endBefore(text, start), end }
    : { start, end: nextLine(text, end) }
}

function deletion(span: TextEdit['span']): TextEdit[] {
  return [{ span, newText: '' }]
}

/** Where what follows an item begins: the first comment that has a line of its own, or the next item. */
function nextOrComment(text: string, end: number, next: number): number {
  for (let at = nextLine(text, end); at < next; at = nextLine(text, at)) {
    const comment = /^[ \t]*#/.exec(text.slice(at, next))
    if (comment) return at + comment[0].length - 1
  }
  return next
}
