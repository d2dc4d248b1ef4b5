import type { NameIndex } from '../../mesh/nameIndex.js'

/** Shorter words are often different names: `team-a` and `team-b`, `dev` and `qa`. */
const SHORTEST_WORD = 4
/** The shortest word in which two transposed letters are a typing mistake. */
const SHORTEST_TRANSPOSED = 3
/** What some tools and teams add to the name of an account. */
const ACCOUNT_SUFFIXES = ['-sa', '-service-account', '-serviceaccount']

/**
 * The existing name for which a name is probably a typing mistake. Stricter than `nearMiss`: names
 * that differ in a number or in a short word between dashes are different names.
 */
export function mistypedName(name: string, existing: NameIndex): string | undefined {
  return existing.nearest(name, (other) => !areSiblings(name, other))
}

/** The same for the name of a service account, which may have or lack a customary suffix too. */
export function mistypedAccount(
  name: string,
  existing: ReadonlySet<string>,
  index: () => NameIndex,
): string | undefined {
  const withSuffix = ACCOUNT_SUFFIXES.map((suffix) => `${name}${suffix}`)
  const withoutSuffix = ACCOUNT_SUFFIXES.filter((suffix) => name.endsWith(suffix)).map((suffix) =>
    name.slice(0, -suffix.length),
  )
  return (
    [...withoutSuffix, ...withSuffix].find((other) => existing.has(other)) ??
    mistypedName(name, index())
  )
}

function areSiblings(a: string, b: string): boolean {
  if (a.replace(/\d+/g, '') === b.replace(/\d+/g, '')) return true
  const [left, right] = [a.split(/[-.]/), b.split(/[-.]/)]
  if (left.length !== right.length) return false
  return left.some((word, at) => {
    const other = right[at] ?? ''
    return (
      word !== other &&
      Math.max(word.length, other.length) < SHORTEST_WORD &&
      !isTransposed(word, other)
    )
  })
}

/** Whether two words differ by two neighbouring letters that changed places. */
function isTransposed(a: string, b: string): boolean {
  if (a.length !== b.length || a.length < SHORTEST_TRANSPOSED) return false
  const at = Array.from(a).findIndex((letter, index) => letter !== b[index])
  const swapped = `${a.slice(0, at)}${a.charAt(at + 1)}${a.charAt(at)}${a.slice(at + 2)}`
  return swapped === b
}
