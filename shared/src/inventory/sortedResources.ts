import type { Resource } from '../resources/resource.js'
import { addToGroup } from '../text/collections.js'
import { indexKeys } from './indexKeys.js'

/** The resources by the keys that list them, in the order of file, document and position. */
export function groupByKey(resources: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>()
  for (const resource of [...resources].sort(byOrigin)) {
    for (const key of indexKeys(resource)) addToGroup(groups, key, resource)
  }
  return groups
}

/**
 * A sorted list without some of its items. These are few: each is found by binary search, and the
 * slices between them are copied.
 */
export function without(
  resources: readonly Resource[],
  removed: readonly Resource[],
): readonly Resource[] {
  const slices: (readonly Resource[])[] = []
  let from = 0
  for (const resource of removed) {
    const at = resources.lastIndexOf(resource, indexAfter(resource, resources, from) - 1)
    if (at < 0) continue
    slices.push(resources.slice(from, at))
    from = at + 1
  }
  return concat(slices, resources.slice(from))
}

/** Two sorted lists as one, in the same way. */
export function merge(kept: readonly Resource[], added: readonly Resource[]): readonly Resource[] {
  if (kept.length === 0 || added.length === 0) return kept.length === 0 ? added : kept
  const slices: (readonly Resource[])[] = []
  let from = 0
  for (const resource of added) {
    const at = indexAfter(resource, kept, from)
    slices.push(kept.slice(from, at), [resource])
    from = at
  }
  return concat(slices, kept.slice(from))
}

function concat(
  slices: readonly (readonly Resource[])[],
  rest: readonly Resource[],
): readonly Resource[] {
  return slices.length === 0 ? rest : ([] as Resource[]).concat(...slices, rest)
}

/** The index of the first item after a resource. */
function indexAfter(resource: Resource, kept: readonly Resource[], from: number): number {
  let low = from
  let high = kept.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = kept[middle]
    if (other && byOrigin(other, resource) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

function byOrigin(a: Resource, b: Resource): number {
  if (a.origin.file !== b.origin.file) return a.origin.file < b.origin.file ? -1 : 1
  return a.origin.document - b.origin.document || a.origin.ordinal - b.origin.ordinal
}
