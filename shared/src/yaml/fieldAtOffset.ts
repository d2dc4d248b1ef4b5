import type { Span } from '../text/lineIndex.js'
import type { FieldPath, YamlNode } from './node.js'

/** The innermost field at an offset. */
export interface FieldAtOffset {
  readonly path: FieldPath
  /** The key or the value that is at the offset. */
  readonly span: Span
  readonly on: 'key' | 'value'
}

/** The key, the scalar or the empty place at an offset; undefined outside of the document's content. */
export function fieldAtOffset(root: YamlNode, offset: number): FieldAtOffset | undefined {
  return covers(root, offset) ? fieldIn(root, offset, []) : undefined
}

function fieldIn(node: YamlNode, offset: number, path: FieldPath): FieldAtOffset | undefined {
  if (node.foreign) return undefined
  if (node.type === 'scalar')
    return { path, span: { start: node.start, end: node.end }, on: 'value' }
  if (node.type === 'seq') {
    const index = node.items.findLastIndex((item) => covers(item, offset))
    const item = node.items[index]
    return item && fieldIn(item, offset, [...path, index])
  }
  for (const { key, keySpan, value } of node.entries) {
    const own = [...path, key]
    if (covers(keySpan, offset)) return { path: own, span: keySpan, on: 'key' }
    const below = covers(value, offset) ? fieldIn(value, offset, own) : undefined
    if (below) return below
  }
  return undefined
}

function covers({ start, end }: Span, offset: number): boolean {
  return offset >= start && offset <= end
}
