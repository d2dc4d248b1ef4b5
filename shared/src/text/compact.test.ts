import { expect, it } from 'vitest'
import { compact } from './compact.js'

it('is the same list, and another array than the one that may grow', () => {
  const growing = [1, 2]
  const copy = compact(growing)
  growing.push(3)
  expect(copy).toEqual([1, 2])
})

it('is one list for all that are empty', () => {
  expect(compact([])).toBe(compact<string>([]))
})
