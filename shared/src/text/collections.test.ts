import { expect, it } from 'vitest'
import { addAllToGroup, addToGroup, compact, getOrInsert, groupBy } from './collections.js'

it('groups items by key in the order of the first items', () => {
  expect([...groupBy(['bc', 'a', 'de'], ({ length }) => length)]).toEqual([
    [2, ['bc', 'de']],
    [1, ['a']],
  ])
})

it('adds several items to a group that may not exist yet', () => {
  const groups = new Map<string, number[]>()
  addToGroup(groups, 'a', 1)
  addAllToGroup(groups, 'a', [2, 3])
  expect(groups.get('a')).toEqual([1, 2, 3])
})

it('makes a missing value once', () => {
  const map = new Map<string, string[]>()
  const first = getOrInsert(map, 'a', () => ['made'])
  expect(getOrInsert(map, 'a', () => ['made again'])).toBe(first)
  expect([...map]).toEqual([['a', ['made']]])
})

it('compact copies a list, so that it does not grow with the original', () => {
  const growing = [1, 2]
  const copy = compact(growing)
  growing.push(3)
  expect(copy).toEqual([1, 2])
})

it('compact returns the same list for all empty lists', () => {
  expect(compact([])).toBe(compact<string>([]))
})
