import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { endOfLine } from './scalarAt.js'
import type { Completion, Completions } from './completion.js'

const WORD = 'ambient-policy-ignore'
/** An ignore comment up to the cursor: the word, and the rules before the one at the cursor. */
const RULES = /#[ \t]*ambient-policy-ignore[ \t]+(?:[a-z0-9-]+[ \t]*,[ \t]*)*([a-z0-9-]*)$/
/** A comment with the start of the word. */
const START = /#[ \t]*([a-z][a-z-]*)$/

/**
 * The completions in an ignore comment: its word, and the names of rules. Undefined elsewhere.
 *
 * @param found names of rules with findings that the comment can ignore. They come first.
 */
export function completeIgnoreComment(
  text: string,
  offset: number,
  found: readonly string[],
): Completions | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const rest = /^[a-z0-9-]*/.exec(text.slice(offset, endOfLine(text, offset)))?.[0] ?? ''
  const rule = RULES.exec(line)?.[1]
  if (rule !== undefined) {
    const before = line.slice(0, line.length - rule.length)
    const written: readonly string[] = before.match(/[a-z0-9-]+(?=[ \t]*,)/g) ?? []
    return {
      span: { start: offset - rule.length, end: offset + rest.length },
      items: rulesInOrder(found).filter(({ label }) => !written.includes(label)),
    }
  }
  const word = START.exec(line)?.[1]
  if (word === undefined || !WORD.startsWith(word)) return undefined
  return {
    span: { start: offset - word.length, end: offset + rest.length },
    items: [
      {
        label: WORD,
        kind: 'enum',
        text: `${WORD} `,
        snippet: false,
        detail: 'ignores findings of the next line',
        documentation: 'Write the name of a rule, ` -- ` and the reason after it.',
      },
    ],
  }
}

function rulesInOrder(found: readonly string[]): Completion[] {
  const isFound = ({ name }: { readonly name: string }): boolean => found.includes(name)
  const rules = [
    ...RULE_CATALOGUE.filter(isFound),
    ...RULE_CATALOGUE.filter((rule) => !isFound(rule)),
  ]
  return rules.map((rule) => ({
    label: rule.name,
    kind: 'enum',
    text: rule.name,
    snippet: false,
    detail: isFound(rule) ? 'found here' : rule.level,
    documentation: '',
  }))
}
