import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineStartsOf, offsetAt, positionAt } from './lineIndex.js'

it('a line ends with LF, CRLF or a carriage return alone', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', 'bc')), (pieces) => {
      const text = pieces.join('')
      const expected = [
        0,
        ...[...text.matchAll(/\r\n|\r|\n/g)].map((found) => found.index + found[0].length),
      ]
      const starts = lineStartsOf(text)
      expect(Array.from({ length: starts.length }, (_, line) => starts.at(line))).toEqual(expected)
      for (let offset = 0; offset <= text.length; offset++)
        expect(offsetAt(starts, positionAt(starts, offset))).toBe(offset)
    }),
  )
})

it.each<[string, 1 | 2]>([
  ['a\nb\n', 1],
  ['a\r\nb\r\n', 2],
  ['a\r\nb\n', 1],
  ['a\rb\r', 1],
  ['a\r\n\rb', 1],
  ['a', 1],
])('line breaks of %j have %i units', (text, length) => {
  expect(lineStartsOf(text).breakLength).toBe(length)
})
