import { expect, it } from 'vitest'
import { count, listed, quoted } from './words.js'

it('a name is quoted, and shortened if it is longer than 32 characters or than asked for', () => {
  expect(quoted('api')).toBe('"api"')
  expect(quoted('x'.repeat(32))).toBe(`"${'x'.repeat(32)}"`)
  expect(quoted('x'.repeat(33))).toBe(`"${'x'.repeat(31)}…"`)
  expect(quoted('abcdef', 4)).toBe('"abc…"')
})

it('a list has commas and one word before the last item', () => {
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
    '',
    'a',
    'a and b',
    'a, b or c',
  ])
})

it('a count has the singular or the plural of its noun', () => {
  expect([count(1, 'policy'), count(2, 'policy'), count(0, 'key'), count(3, 'Service')]).toEqual([
    '1 policy',
    '2 policies',
    '0 keys',
    '3 Services',
  ])
})
