import { renderInFlow, type StyledText } from './insert.js'
import type { LayoutItem } from './layout.js'
import { columnOf, endOfLine } from './lines.js'
import { isFilled, isList, type PlainValue } from './operation.js'
import { renderOnNextLine, renderBlock, renderFlow, renderScalar } from './render.js'
import type { TextEdit } from './textEdit.js'

/**
 * Replaces the value of an entry or item. A flow collection stays one unless it becomes empty.
 * Comments after the key stay.
 *
 * @param inFlow whether the item is in a flow collection.
 */
export function replaceValue(
  written: StyledText,
  item: LayoutItem,
  { value, inFlow }: { readonly value: PlainValue; readonly inFlow: boolean },
): TextEdit[] | undefined {
  const { text, style } = written
  const old = item.value
  if (old.decorated) return undefined
  const staysFlow = old.type !== 'scalar' && old.flow && old.items.length > 0
  if (inFlow) return replaceInline(item, inlineValue(written, item, value))
  if (!isFilled(value) || staysFlow) {
    const rendered = inlineValue(written, item, value)
    return old.type === 'scalar' || old.flow || !standsBelow(text, item)
      ? replaceInline(item, rendered)
      : replaceBelow(text, item, rendered)
  }
  if (item.key === undefined) {
    const absent = old.type === 'scalar' && old.absent
    const column = absent ? columnOf(text, item.start) + 2 : columnOf(text, old.start)
    return replaceInline(item, renderBlock(value, column, style))
  }
  const column = columnOf(text, item.start)
  if (old.type !== 'scalar' && !old.flow) {
    const sameKind = (old.type === 'seq') === isList(value)
    const span = { start: sameKind ? old.start : endOfLine(text, item.keyEnd), end: old.end }
    return [
      {
        span,
        newText: sameKind
          ? renderBlock(value, columnOf(text, old.start), style)
          : renderOnNextLine(value, column, style),
      },
    ]
  }
  const at = endOfLine(text, item.end)
  const below = { span: { start: at, end: at }, newText: renderOnNextLine(value, column, style) }
  const from = item.indicatorEnd ?? item.keyEnd
  return item.end > from ? [{ span: { start: from, end: item.end }, newText: '' }, below] : [below]
}

/** Replaces a value on the line of its key. A string keeps the quotes of the string before. */
function inlineValue(written: StyledText, item: LayoutItem, value: PlainValue): string {
  const { value: old } = item
  if (isFilled(value))
    return written.style.json
      ? renderInFlow(written, item, value)
      : renderFlow(value, written.style)
  return renderScalar(value, written.style, old.type === 'scalar' ? old.quote : undefined)
}

function replaceInline(
  { value: old, indicatorEnd, keyEnd }: LayoutItem,
  rendered: string,
): TextEdit[] {
  if (old.type !== 'scalar' || !old.absent)
    return [{ span: { start: old.start, end: old.end }, newText: rendered }]
  const at = indicatorEnd ?? keyEnd
  return [
    {
      span: { start: at, end: at },
      newText: indicatorEnd === undefined ? `: ${rendered}` : ` ${rendered}`,
    },
  ]
}

/** Replaces a block collection below its key or dash by a value on the line of the key or dash. */
function replaceBelow(text: string, item: LayoutItem, rendered: string): TextEdit[] {
  const at = item.indicatorEnd ?? item.keyEnd
  return [
    { span: { start: at, end: at }, newText: ` ${rendered}` },
    { span: { start: endOfLine(text, at), end: item.value.end }, newText: '' },
  ]
}

function standsBelow(text: string, { indicatorEnd, keyEnd, value }: LayoutItem): boolean {
  return value.start > endOfLine(text, indicatorEnd ?? keyEnd)
}
