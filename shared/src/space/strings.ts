import { GENERALITY, type Candidate } from './candidate.js'
import { checkCount } from './limits.js'
import { formatPattern, freshText, type TextPattern } from './textPattern.js'

/** A text of a string dimension, with the words and the generality of a `Candidate`. */
export type TextCandidate = Pick<Candidate, 'words' | 'generality'> & { readonly text: string }

/**
 * Texts so that each combination of patterns that one text can match is matched by one of them: the constants, and
 * for each prefix and suffix their texts with something new between them, side by side, and with each overlap. A text
 * that equals no constant matches exactly the prefixes of its longest prefix and the suffixes of its longest suffix.
 *
 * @param rest the words for texts that match nothing: `any other method`.
 * @throws TooManyValues where the prefixes and suffixes have more than `most` combinations.
 */
export function textCandidates(
  patterns: readonly TextPattern[],
  rest: string,
  most: number,
): TextCandidate[] {
  const texts = (kind: TextPattern['kind']): string[] => [
    ...new Set(patterns.filter((pattern) => pattern.kind === kind).map(({ text }) => text)),
  ]
  const fresh = freshText(patterns.map(({ text }) => text))
  const below = texts('below')
  const prefixes = [...texts('prefix'), ...below.map((text) => `${text}/`)]
  const suffixes = texts('suffix')
  checkCount(prefixes.length * suffixes.length, most)
  return [
    { text: fresh, words: rest, generality: GENERALITY.rest },
    ...texts('exact').map((text) => ({ text, words: text, generality: GENERALITY.exact })),
    ...below.flatMap((text) =>
      [text, `${text}/${fresh}`].map((each) => ({
        text: each,
        words: `${text} and below`,
        generality: GENERALITY.group,
      })),
    ),
    ...prefixes.flatMap((prefix) => between({ kind: 'prefix', text: prefix }, [prefix, ''], fresh)),
    ...suffixes.flatMap((suffix) => between({ kind: 'suffix', text: suffix }, ['', suffix], fresh)),
    ...prefixes.flatMap((prefix) =>
      suffixes.flatMap((suffix) =>
        [prefix + fresh + suffix, ...overlaps(prefix, suffix)].map((text) => ({
          text,
          words: `${prefix}*${suffix}`,
          generality: GENERALITY.part,
        })),
      ),
    ),
  ]
}

function between(
  pattern: TextPattern,
  [before, behind]: readonly [string, string],
  fresh: string,
): TextCandidate[] {
  const words = formatPattern(pattern)
  return [before + fresh + behind, before + behind].map((text) => ({
    text,
    words,
    generality: GENERALITY.pattern,
  }))
}

/** The texts that start with one text, end with another, and have nothing between them. */
function overlaps(prefix: string, suffix: string): string[] {
  return overlapsOf(prefix, suffix).map((shared) => prefix + suffix.slice(shared))
}

/**
 * How many characters the end of a text can share with the start of another one, the fewest first. The time is linear
 * in the lengths (Knuth, Morris and Pratt).
 */
function overlapsOf(text: string, start: string): number[] {
  const borders = [0]
  const longer = (shared: number, character: string | undefined): number => {
    let at = shared
    while (at > 0 && (at === start.length || start[at] !== character)) at = borders[at - 1] ?? 0
    return start[at] === character && at < start.length ? at + 1 : at
  }
  for (let at = 1; at < start.length; at++) borders.push(longer(borders[at - 1] ?? 0, start[at]))
  let longest = 0
  for (let at = Math.max(0, text.length - start.length); at < text.length; at++)
    longest = longer(longest, text[at])
  const found = [0]
  for (let shared = longest; shared > 0; shared = borders[shared - 1] ?? 0) found.push(shared)
  return found.sort((a, b) => a - b)
}
