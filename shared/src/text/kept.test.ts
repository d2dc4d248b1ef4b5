import { expect, it } from 'vitest'
import { kept } from './kept.js'

it('is the same list, and another array than the one that may grow', () => {
  const growing = [1, 2]
  const copy = kept(growing)
  growing.push(3)
  expect(copy).toEqual([1, 2])
})

it('is one list for all that are empty', () => {
  expect(kept([])).toBe(kept<string>([]))
})
