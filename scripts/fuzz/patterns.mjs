// Patterns of a repository: the linear matcher must have the same result as JavaScript where both read a pattern, and
// its work must be limited.
import { globMatcher } from '../../shared/src/index.ts'
import { MAX_WORK, textMatcher } from '../../shared/src/text/pattern/matchText.ts'
import { parseRegExp } from '../../shared/src/text/pattern/parseRegExp.ts'
import { matchesWildcards } from '../../shared/src/text/pattern/wildcards.ts'
import { matchesPath } from '../../shared/src/waypoint/path.ts'

const PIECES =
  'a b ab . a* b+ (a|b) (?:ab)? (a*) [ab] [^a] \\w ^ $ | ( ) * + ? {2} {1,3} {0,} ** {*} {**} / , { } [ !'.split(
    ' ',
  )
const LETTERS = ['a', 'b', 'ab', '/', '*', '-', '', 'aaaa']
/** With few repetitions, JavaScript needs little time. */
const MAX_REPETITIONS = 6

export const patterns = {
  name: 'patterns',
  count: 20_000,
  draw(random) {
    const draw = (list, count) =>
      Array.from({ length: 1 + random.below(count) }, () => random.pick(list))
    return { context: { text: draw(LETTERS, 8).join('') }, parts: draw(PIECES, 10), units: 1 }
  },
  check({ context: { text }, parts }) {
    const pattern = parts.join('')
    let work = 0
    for (const subject of [text, 'a'.repeat(3_000)]) {
      const parsed = parseRegExp(pattern)
      const matches = parsed && textMatcher(parsed, { onWork: (steps) => (work = steps) })
      const found = matches?.(subject)
      if (work > MAX_WORK + 100_000) return `The pattern ${pattern} takes ${work} steps.`
      if (subject === text && found !== undefined && found !== inJavaScript(pattern, text))
        return `The pattern ${pattern} and the text "${text}": ${found}`
      globMatcher([pattern])(subject)
      matchesPath(`/${pattern}`, `/${subject}`)
      matchesWildcards(pattern, subject)
    }
    return undefined
  },
  show: ({ context, parts }) => `${parts.join('')}\n${context.text}`,
}

function inJavaScript(pattern, text) {
  if ((pattern.match(/[*+{]/g)?.length ?? 0) > MAX_REPETITIONS) return textResult(pattern, text)
  try {
    // A class cannot be empty in RE2.
    return new RegExp(`^(?:${pattern.replaceAll('[]', '[\\]')})$`).test(text)
  } catch {
    // RE2 can repeat `^` and `$`.
    return textResult(pattern, text)
  }
}

/** JavaScript could take too long: the linear matcher is compared with itself. */
function textResult(pattern, text) {
  return textMatcher(parseRegExp(pattern))(text)
}
