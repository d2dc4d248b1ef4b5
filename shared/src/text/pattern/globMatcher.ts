import { textMatcher } from './matchText.js'
import { parseGlob } from './parseGlob.js'
import { choice, EMPTY, literal, oneOf, repeat, sequence } from './pattern.js'

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
 * nothing.
 */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(parseGlob).filter((pattern) => typeof pattern !== 'string')
  const matches = textMatcher(sequence([choice(patterns), BELOW]))
  return (path) => matches?.(path) === true
}
