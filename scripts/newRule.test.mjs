import { expect, it } from 'vitest'
import { formatted } from './formatted.mjs'
import { filesOf, problemOf } from './newRule.mjs'

it.each([
  [undefined, 'Usage'],
  ['waypoint', 'Usage'],
  ['nowhere/some-rule', 'Unknown subject nowhere'],
  ['waypoint/Some_Rule', 'is not a valid rule name'],
  ['mtls/waypoint-unused', 'The rule waypoint-unused already exists, in waypoint.'],
])('new-rule %s prints the reason why it is not valid', (argument, text) => {
  expect(problemOf(argument)).toContain(text)
})

it('new-rule accepts only a new name in a known subject', () => {
  expect(problemOf('waypoint/waypoint-asleep')).toBeUndefined()
})

it('new-rule writes a rule, its page and its test as `npm run format` writes them', async () => {
  const files = filesOf('waypoint-asleep')
  expect(Object.keys(files)).toEqual([
    'waypoint-asleep.ts',
    'waypoint-asleep.page.ts',
    'waypoint-asleep.test.ts',
  ])
  for (const [name, text] of Object.entries(files)) expect(await formatted(name, text)).toBe(text)
})
