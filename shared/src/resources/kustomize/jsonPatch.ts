import { entryOf, nodeAt, type YamlEntry, type YamlNode, type YamlSeq } from '../../yaml/node.js'
import { textAt, withEntry, withoutEntry } from './tree.js'

const OPERATIONS: ReadonlySet<string> = new Set(['add', 'replace', 'remove', 'test'])

/** Whether every operation of a patch is applied here. `move` and `copy` are not. */
export function isAppliedJsonPatch(operations: YamlSeq): boolean {
  return operations.items.every(
    (item) =>
      OPERATIONS.has(textAt(item, 'op') ?? '') && textAt(item, 'path')?.startsWith('/') === true,
  )
}

/**
 * Applies a JSON patch (RFC 6902). If the path of one operation does not exist, nothing is applied:
 * `kustomize build` fails in this case.
 */
export function jsonPatch(target: YamlNode, operations: YamlSeq): YamlNode {
  let result: YamlNode = target
  for (const item of operations.items) {
    const op = textAt(item, 'op')
    const path = entryOf(item, 'path')
    const value = entryOf(item, 'value')
    if (op === 'test' || !path) continue
    const pointer = (textAt(item, 'path') ?? '')
      .split('/')
      .slice(1)
      .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    const entry =
      op === 'remove' || !value ? undefined : { key: '', keySpan: path.value, value: value.value }
    const changed = apply(result, pointer, { isNew: op === 'add', entry })
    if (!changed) return target
    result = changed
  }
  return result
}

interface Change {
  /** Operation `add`: the last key of the path need not exist. */
  readonly isNew: boolean
  /** Undefined: remove the entry. */
  readonly entry: YamlEntry | undefined
}

/** @returns undefined if the path does not exist. */
function apply(
  node: YamlNode,
  [head = '', ...rest]: readonly string[],
  change: Change,
): YamlNode | undefined {
  if (node.type === 'scalar') return undefined
  if (rest.length > 0) {
    const child = nodeAt(node, [node.type === 'seq' ? Number(head) : head])
    const changed = child && apply(child, rest, change)
    if (!changed) return undefined
    if (node.type === 'seq') return { ...node, items: node.items.with(Number(head), changed) }
    const known = entryOf(node, head)
    return known && withEntry(node, { ...known, value: changed })
  }
  const { isNew, entry } = change
  if (node.type === 'map') {
    if (!isNew && entryOf(node, head) === undefined) return undefined
    return entry ? withEntry(node, { ...entry, key: head }) : withoutEntry(node, head)
  }
  const index = head === '-' ? node.items.length : /^\d+$/.test(head) ? Number(head) : -1
  if (index < 0 || index > node.items.length || (!isNew && index === node.items.length))
    return undefined
  return {
    ...node,
    items: node.items.toSpliced(index, isNew ? 0 : 1, ...(entry ? [entry.value] : [])),
  }
}
