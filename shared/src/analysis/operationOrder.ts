import type { Operation } from '../yaml/edit/operation.js'
import { startsWithPath, type FieldPath } from '../yaml/node.js'

/**
 * The operations of one document in an order in which none changes the paths or spans of those
 * after it: lines from the end to the start, then what only adds, then comments, then keys from the
 * inside out, then removals from the end to the start. A removal inside of another is left out.
 */
export function inSafeOrder(operations: readonly Operation[]): Operation[] {
  const lines = operations
    .filter((operation) => operation.op === 'delete-lines')
    .sort((a, b) => b.span.start - a.span.start)
  const additions = operations.filter(({ op }) => op === 'set' || op === 'append')
  const comments = operations.filter(({ op }) => op === 'comment')
  const renames = operations
    .filter((operation) => operation.op === 'rename')
    .sort((a, b) => b.path.length - a.path.length)
  const newKeys = new Map(renames.map(({ path, to }) => [JSON.stringify(path), to]))
  const withNewKeys = (path: FieldPath): FieldPath =>
    path.map((segment, depth) => newKeys.get(JSON.stringify(path.slice(0, depth + 1))) ?? segment)
  const removals = outermost(operations.filter((operation) => operation.op === 'remove'))
    .sort((a, b) => compareFromEnd(a.path, b.path))
    .map(({ op, path }) => ({ op, path: withNewKeys(path) }))
  return [...lines, ...additions, ...comments, ...renames, ...removals]
}

/** Operations that are not inside of another; of several with the same path the first. */
function outermost<T extends { readonly path: FieldPath }>(operations: readonly T[]): T[] {
  return operations.filter(
    ({ path }, index) =>
      !operations.some(
        (other, at) =>
          startsWithPath(path, other.path) && (other.path.length < path.length || at < index),
      ),
  )
}

/** Orders higher list indexes first. */
function compareFromEnd(a: FieldPath, b: FieldPath): number {
  const depth = a.findIndex((segment, index) => segment !== b[index])
  const [first, second] = [a[depth], b[depth]]
  return typeof first === 'number' && typeof second === 'number' ? second - first : 0
}
