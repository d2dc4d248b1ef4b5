import { describe, expect, it } from 'vitest'
import { runs } from '../testing/runs.js'
import { NameIndex } from './nameIndex.js'

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

/** The number of edits between two names, from the whole table. */
function editsBetween(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, row) =>
    Array.from({ length: b.length + 1 }, (__, column) => (row === 0 ? column : row)),
  )
  const at = (row: number, column: number): number => table[row]?.[column] ?? 0
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const costs = [
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
      ]
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        costs.push(at(i - 2, j - 2) + 1)
      const row = table[i]
      if (row) row[j] = Math.min(...costs)
    }
  return at(a.length, b.length)
}

function nearestOf(name: string, names: readonly string[]): string | undefined {
  const most = Math.min(2, Math.floor(name.length / 3))
  const [nearest] = names
    .map((candidate) => ({ candidate, edits: editsBetween(name, candidate) }))
    .filter(({ edits }) => edits > 0 && edits <= most)
    .sort((a, b) => a.edits - b.edits)
  return nearest?.candidate
}

describe('the nearest name of an index', () => {
  it.each(Array.from({ length: runs(10) }, (_, seed) => seed + 1))(
    'is the one that comparing each name finds: seed %i',
    (seed) => {
      const below = numbers(seed)
      const names = Array.from({ length: 40 }, () => word(below))
      const index = new NameIndex(names)
      const accepts = (name: string): boolean => !name.startsWith('b')
      for (let count = 0; count < 40; count++) {
        const name = word(below)
        expect(index.nearest(name), name).toBe(nearestOf(name, names))
        expect(index.nearest(name, accepts), name).toBe(nearestOf(name, names.filter(accepts)))
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

  it('keeps no beginning of a name that is longer than names in Kubernetes', () => {
    const index = new NameIndex(['a'.repeat(1_000_000), 'web'])
    expect(index.size).toBe(3)
    expect(index.nearest('wbe')).toBe('web')
  })
})
