import { expect, it } from 'vitest'
import { replaceAllIn, replaceIn } from './index.js'

it('replaces the first place or every place, in the given order', () => {
  expect(replaceIn('a b a', ['a', 'c'], [/b/, 'a'])).toBe('c a a')
  expect(replaceAllIn('a b a', ['a', 'b'], ['b', 'c'])).toBe('c c c')
})

it('throws where a text is not found, also after the replacements before it', () => {
  expect(() => replaceIn('a b', ['c', 'd'])).toThrow('c is not in this text:\na b')
  expect(() => replaceAllIn('a b', ['a', 'b'], [/a/g, 'c'])).toThrow(
    '/a/g is not in this text:\nb b',
  )
})
