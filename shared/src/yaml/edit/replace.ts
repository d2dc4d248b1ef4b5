import { renderInFlow, type Written } from './insert.js'
import type { LayoutItem } from './layout.js'
import { columnOf, lineEnd } from './lines.js'
import { isFilled, isList, type PlainValue } from './operation.js'
import { renderBelow, renderBlock, renderFlow, renderScalar } from './render.js'
import type { TextEdit } from './textEdit.js'

/**
 * Gives an entry or item another value. A flow collection stays one, as long as it holds something; comments behind the key stay.
 *
 * @param inFlow whether the item belongs to a flow collection.
 */
export function replaceValue(
  written: Written,
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
    const span = { start: sameKind ? old.start : lineEnd(text, item.keyEnd), end: old.end }
    return [
      {
        span,
        newText: sameKind
          ? renderBlock(value, columnOf(text, old.start), style)
          : renderBelow(value, column, style),
      },
    ]
  }
  const at = lineEnd(text, item.end)
  const below = { span: { start: at, end: at }, newText: renderBelow(value, column, style) }
  const from = item.indicatorEnd ?? item.keyEnd
  return item.end > from ? [{ span: { start: from, end: item.end }, newText: '' }, below] : [below]
}

/** A value on the line of its key; a string keeps the quotes of the one before. */
function inlineValue(written: Written, item: LayoutItem, value: PlainValue): string {
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

/** A block collection below its key or dash gives way to a value on the line of that. */
function replaceBelow(text: string, item: LayoutItem, rendered: string): TextEdit[] {
  const at = item.indicatorEnd ?? item.keyEnd
  return [
    { span: { start: at, end: at }, newText: ` ${rendered}` },
    { span: { start: lineEnd(text, at), end: item.value.end }, newText: '' },
  ]
}

function standsBelow(text: string, { indicatorEnd, keyEnd, value }: LayoutItem): boolean {
  return value.start > lineEnd(text, indicatorEnd ?? keyEnd)
}
