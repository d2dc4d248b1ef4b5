import { expect, it } from 'vitest'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { readCursor } from '../testing/cursor.js'
import { completeIgnoreComment } from './completeIgnoreComment.js'

function completed(marked: string, found: readonly string[] = []) {
  const { text, offset } = readCursor(marked)
  const completions = completeIgnoreComment(text, offset, found)
  return (
    completions && {
      replaced: text.slice(completions.span.start, completions.span.end),
      labels: completions.items.map(({ label }) => label),
    }
  )
}

it('the names of rules are offered, those with findings first', () => {
  const names = RULE_CATALOGUE.map(({ name }) => name)
  expect(completed('  # ambient-policy-ignore █')).toEqual({ replaced: '', labels: names })
  const found = completed('# ambient-policy-ignore pol█icy\nkind: A', ['policy-idle'])
  expect(found?.replaced).toBe('policy')
  expect(found?.labels[0]).toBe('policy-idle')
  expect(found?.labels).toHaveLength(names.length)
})

it('a rule that the comment names already is not offered again', () => {
  const { labels = [] } = completed('# ambient-policy-ignore policy-idle, █') ?? {}
  expect(labels).not.toContain('policy-idle')
  expect(labels).toContain('rule-idle')
})

it('the word of the comment is completed', () => {
  expect(completed('kind: A # amb█')).toEqual({
    replaced: 'amb',
    labels: ['ambient-policy-ignore'],
  })
})

it.each([
  'kind: █',
  '# █',
  '# a comment █',
  '# ambient-policy-ignore policy-idle -- rea█son',
  'ambient-policy-ignore █',
])('%j has no completion', (marked) => {
  expect(completed(marked)).toBeUndefined()
})
