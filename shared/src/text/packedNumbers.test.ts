import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PackedNumbers } from './packedNumbers.js'

it('packed numbers are the numbers that were packed', () => {
  const number = fc.oneof(
    fc.integer({ min: -1, max: 300 }),
    fc.integer({ min: 65_530, max: 65_540 }),
    fc.integer({ min: -1, max: 2 ** 32 - 2 }),
  )
  fc.assert(
    fc.property(fc.array(number, { maxLength: 50 }), (numbers) => {
      const packed = new PackedNumbers(numbers)
      expect(packed.length).toBe(numbers.length)
      expect(numbers.map((_, index) => packed.at(index))).toEqual(numbers)
      expect([
        packed.equals(new PackedNumbers(numbers)),
        packed.equals(new PackedNumbers([...numbers, 1])),
      ]).toEqual([true, false])
      expect([packed.at(-1), packed.at(numbers.length)]).toEqual([undefined, undefined])
    }),
  )
})

it('300,000 numbers can be packed', () => {
  const numbers = Array.from({ length: 300_000 }, (_, index) => index * 7)
  const packed = new PackedNumbers(numbers)
  expect([packed.length, packed.at(0), packed.at(123_456), packed.at(299_999)]).toEqual([
    300_000,
    0,
    123_456 * 7,
    299_999 * 7,
  ])
})
