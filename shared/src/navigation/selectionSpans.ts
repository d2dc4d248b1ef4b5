import type { Span } from '../text/lineIndex.js'
import type { YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'

/**
 * What an editor selects step by step around an offset, the smallest first: the key or the value, the entry, the item,
 * the mapping, and so on to the whole document. Each span contains the one before and is larger.
 *
 * @param text one document. The offset and the spans are relative to it.
 */
export function selectionSpans(text: string, offset: number): readonly Span[] {
  const { root } = parseYaml(text)
  const around = [
    { start: 0, end: text.trimEnd().length },
    ...(root ? spansAt(root, offset) : []),
  ].filter((span) => covers(span, offset))
  const outside = around.filter((span, index) => {
    const outer = around[index - 1]
    return !outer || (isInside(span, outer) && size(span) < size(outer))
  })
  return outside.reverse()
}

/** From the outermost to the innermost. */
function spansAt(node: YamlNode, offset: number): Span[] {
  if (node.foreign || !covers(node, offset)) return []
  const own = { start: node.start, end: node.end }
  if (node.type === 'seq')
    return [
      own,
      ...node.items.filter((item) => covers(item, offset)).flatMap((item) => spansAt(item, offset)),
    ]
  if (node.type === 'scalar') return [own]
  const entry = node.entries.find(({ keySpan, value }) =>
    covers({ start: keySpan.start, end: Math.max(keySpan.end, value.end) }, offset),
  )
  if (!entry) return [own]
  const { keySpan, value } = entry
  return [
    own,
    { start: keySpan.start, end: Math.max(keySpan.end, value.end) },
    ...(covers(keySpan, offset) ? [keySpan] : spansAt(value, offset)),
  ]
}

function covers({ start, end }: Span, offset: number): boolean {
  return offset >= start && offset <= end
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}

function size({ start, end }: Span): number {
  return end - start
}
