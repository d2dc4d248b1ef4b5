import { describe, expect, it } from 'vitest'
import { NameIndex } from './nameIndex.js'
import { nearMiss } from './nearMiss.js'

const LETTERS = 'abc-1'

/** Numbers below a limit, the same for each seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state * 48271) % 2147483647
    return state % limit
  }
}

function word(below: (limit: number) => number): string {
  return Array.from({ length: below(9) }, () => LETTERS.charAt(below(LETTERS.length))).join('')
}

describe('the nearest name of an index', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed + 1))(
    'is the one that comparing each name finds: seed %i',
    (seed) => {
      const below = numbers(seed)
      const names = Array.from({ length: 40 }, () => word(below))
      const index = new NameIndex(names)
      const accepts = (name: string): boolean => !name.startsWith('b')
      for (let count = 0; count < 40; count++) {
        const name = word(below)
        expect(index.nearest(name), name).toBe(nearMiss(name, names))
        expect(index.nearest(name, accepts), name).toBe(nearMiss(name, names, accepts))
      }
    },
  )

  it('needs few more steps among twice as many names', () => {
    const [small, large] = [500, 1_000].map((count) => {
      const names = Array.from({ length: count }, (_, index) => `account-number-${String(index)}`)
      const index = new NameIndex(names)
      for (let at = 100; at < 200; at++) index.nearest(`acount-number-${String(at)}x`)
      return index.steps
    })
    expect(large).toBeLessThan((small ?? 0) * 1.5)
  })
})
