import { textMatcher } from './matchText.js'
import { parseGlob } from './parseGlob.js'
import { choice, EMPTY, literal, oneOf, repeat, sequence } from './pattern.js'

/** Limit of the steps for one path, because there are thousands of them. Usual globs need some hundreds. */
const MAX_WORK = 50_000

/** `/` and any path, or nothing. */
const BELOW = choice([
  EMPTY,
  sequence([
    literal('/'),
    repeat(
      oneOf(() => true),
      0,
    ),
  ]),
])

/**
 * Whether a relative path, or a folder above it, matches one of the globs. Globs that `parseGlob` does not read match
 * nothing, as well as globs that need too much work.
 */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(parseGlob).filter((pattern) => typeof pattern !== 'string')
  const matches = textMatcher(sequence([choice(patterns), BELOW]), { maxWork: MAX_WORK })
  return (path) => matches?.(path) === true
}
