import { nearMiss } from '../../mesh/nearMiss.js'

/** Shorter words are often different names: `team-a` and `team-b`, `dev` and `qa`. */
const SHORTEST_WORD = 4

/**
 * The existing name for which a name is probably a typing mistake. Stricter than `nearMiss`: names
 * that differ in a number or in a short word between dashes are different names.
 */
export function mistypedName(name: string, existing: Iterable<string>): string | undefined {
  const similar = nearMiss(name, existing)
  return similar !== undefined && !areSiblings(name, similar) ? similar : undefined
}

function areSiblings(a: string, b: string): boolean {
  if (a.replace(/\d+/g, '') === b.replace(/\d+/g, '')) return true
  const [left, right] = [a.split(/[-.]/), b.split(/[-.]/)]
  if (left.length !== right.length) return false
  return left.some(
    (word, at) =>
      word !== right[at] && Math.max(word.length, right[at]?.length ?? 0) < SHORTEST_WORD,
  )
}
