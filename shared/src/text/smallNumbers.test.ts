import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SmallNumberReader, SmallNumbers } from './smallNumbers.js'

function packed(numbers: readonly number[]): string {
  const small = new SmallNumbers()
  for (const number of numbers) small.push(number)
  return small.packed()
}

function unpacked(text: string): number[] {
  const reader = new SmallNumberReader(text)
  const numbers: number[] = []
  while (reader.hasMore) numbers.push(reader.next())
  return numbers
}

it('small numbers are read back in order', () => {
  const number = fc.oneof(
    fc.integer({ min: -70, max: 70 }),
    fc.integer({ min: -9_000, max: 9_000 }),
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  )
  fc.assert(
    fc.property(fc.array(number, { maxLength: 50 }), (numbers) => {
      expect(unpacked(packed(numbers))).toEqual(numbers)
    }),
  )
})

it('each small number needs one unit, also in a long list', () => {
  const numbers = Array.from({ length: 20_000 }, (_, index) => (index % 128) - 64)
  expect([packed(numbers).length, unpacked(packed(numbers))]).toEqual([20_000, numbers])
})
