import { textMatcher } from '../text/pattern/matchText.js'
import { parseRegExp } from '../text/pattern/parseRegExp.js'

const ESCAPES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' }

/**
 * Texts that a simple regular expression matches: each repeat with the fewest and with one more, each choice once.
 * They are examples only. An empty list where the expression is not simple.
 */
export function examplesOf(expression: string): string[] {
  if (parseRegExp(expression) === undefined) return []
  const found = [0, 1].flatMap((extra) =>
    expression
      .replace(/^\^|\$$/g, '')
      .split('|')
      .map((choice) => example(choice, extra)),
  )
  const whole = [0, 1].map((extra) =>
    example(expression.replace(/\(([^()|]*)\|[^()]*\)/g, '$1'), extra),
  )
  return [...new Set([...found, ...whole])].filter((text) => matches(expression, text))
}

function matches(expression: string, text: string): boolean {
  const pattern = parseRegExp(expression)
  return (pattern && textMatcher(pattern)?.(text)) === true
}

const PART = /\\(.)|\[(\^?)([^\]]*)\]|(\.)|([()^$])|([^\\[\].()^$])/
const REPEAT = /^(?:([*+?])|\{(\d+)[^}]*\})/

function example(expression: string, extra: number): string {
  let rest = expression
  let text = ''
  while (rest !== '') {
    const found = PART.exec(rest)
    if (found?.index !== 0) return text
    const [whole, escaped, negated, set, any, ignored, literal] = found
    rest = rest.slice(whole.length)
    if (ignored !== undefined) continue
    const character =
      literal ??
      (escaped === undefined
        ? any === undefined
          ? memberOf(set ?? '', negated === '^')
          : 'a'
        : (ESCAPES[escaped] ?? escaped))
    const [repeat = '', sign, count] = REPEAT.exec(rest) ?? []
    rest = rest.slice(repeat.length)
    const fewest = sign === '*' || sign === '?' ? 0 : Number(count ?? 1)
    text += character.repeat(repeat === '' ? 1 : fewest + extra)
  }
  return text
}

function memberOf(set: string, negated: boolean): string {
  const first = set.startsWith('\\') ? (ESCAPES[set.charAt(1)] ?? set.charAt(1)) : set.charAt(0)
  if (!negated) return first
  return 'az09-/'.split('').find((character) => !set.includes(character)) ?? 'a'
}
