import { expect, it } from 'vitest'
import { runs } from '../testing/runs.js'
import { addDependent, dependentsIn, keptDependents, type Dependents } from './memo.js'
import { Memos } from './memos.js'
import { Queries } from './queries.js'
import type { Query } from './query.js'

/** A spreadsheet: cells are inventory keys, sums read two others. */
class Sheet {
  readonly cells = new Map<string, number>()
  readonly queries = new Queries<Sheet, number>((key) => this.cells.get(key) ?? 0, true)
  computed: string[] = []

  read(key: string): number {
    return this.queries.read(key)
  }

  /** Changes a cell and returns the sums that were dropped. */
  set(key: string, value: number): string[] {
    this.cells.set(key, value)
    return this.queries
      .invalidate({ changedKeys: [key], removed: new Set() }, sum, this)
      .dropped.sort()
  }
}
interface Cell {
  readonly text: string
}

const sum: Query<Sheet, string, number> = {
  name: 'sum',
  compute: (sheet, argument) => {
    sheet.computed.push(argument)
    return argument
      .split('+')
      .map((part) =>
        part.startsWith('(')
          ? sheet.queries.get(sum, part.slice(1, -1).replaceAll('&', '+'), sheet)
          : sheet.read(part),
      )
      .reduce((a, b) => a + b, 0)
  },
}

it('a changed key drops exactly the results that depend on it', () => {
  const sheet = new Sheet()
  const set = (key: string, value: number): string[] => sheet.set(key, value)
  const get = (argument: string): number => sheet.queries.get(sum, argument, sheet)
  set('a', 1)
  expect([get('a+b'), get('(a&b)+c'), get('c+d')]).toEqual([1, 1, 0])
  expect(sheet.computed).toEqual(['a+b', '(a&b)+c', 'c+d'])
  expect(set('a', 5)).toEqual(['(a&b)+c', 'a+b'])
  sheet.computed = []
  expect([get('c+d'), get('(a&b)+c')]).toEqual([0, 5])
  expect(sheet.computed).toEqual(['(a&b)+c', 'a+b'])
  expect(set('c', 1)).toEqual(['(a&b)+c', 'c+d'])
  expect(set('z', 1)).toEqual([])
  expect([...sheet.queries.keysOf(sum, 'a+b')]).toEqual(['a', 'b'])
  expect([...(get('(a&b)+c'), sheet.queries.keysOf(sum, '(a&b)+c'))].sort()).toEqual([
    'a',
    'b',
    'c',
  ])
})

it('a changed key drops very many dependents', () => {
  const sheet = new Sheet()
  const count = runs(20_000)
  for (let index = 0; index < count; index++) sheet.queries.get(sum, `a+${String(index)}`, sheet)
  expect(
    sheet.queries.invalidate({ changedKeys: ['a'], removed: new Set() }, sum, sheet).dropped,
  ).toHaveLength(count)
})

it('a query that throws is not remembered, and a query that depends on itself throws', () => {
  const sheet = new Sheet()
  let fail = true
  const failing: Query<Sheet, string, number> = {
    name: 'failing',
    compute: (context) => {
      if (fail) throw new Error('no')
      return context.read('a')
    },
  }
  expect(() => sheet.queries.get(failing, 'x', sheet)).toThrow('no')
  fail = false
  expect(sheet.queries.get(failing, 'x', sheet)).toBe(0)
  const self: Query<Sheet, string, number> = {
    name: 'self',
    compute: (context): number => context.queries.get(self, 'x', context),
  }
  expect(() => sheet.queries.get(self, 'x', sheet)).toThrow('Query self depends on itself.')
})

/** The sign of a product: recomputed at once, with early cut-off where it is the same. */
const sign: Query<Sheet, string, number> = {
  name: 'sign',
  compute: (sheet, argument) => {
    sheet.computed.push(`sign ${argument}`)
    return Math.sign(
      argument
        .split('*')
        .reduce(
          (product, part) =>
            product * (part === '?' ? sheet.queries.get(sign, 'a*b', sheet) : sheet.read(part)),
          1,
        ),
    )
  },
  isSame: Object.is,
}
const signs: Query<Sheet, string, number> = {
  name: 'signs',
  compute: (sheet, argument) => {
    sheet.computed.push(`signs ${argument}`)
    return argument
      .split(' ')
      .reduce((total, part) => total + sheet.queries.get(sign, part, sheet), 0)
  },
}

it('dependents of a result that stays the same are not invalidated (early cut-off)', () => {
  const sheet = new Sheet()
  const set = (key: string, value: number): string[] => {
    sheet.cells.set(key, value)
    sheet.computed = []
    return sheet.queries
      .invalidate({ changedKeys: [key], removed: new Set() }, signs, sheet)
      .dropped.sort()
  }
  const get = (argument: string): number => sheet.queries.get(signs, argument, sheet)
  for (const key of ['a', 'b', 'c']) set(key, 1)
  expect([get('a*b'), get('?*c c')]).toEqual([1, 2])
  // A new value of the same sign: the sign is recomputed, the sums of signs are not.
  expect(set('a', 7)).toEqual([])
  expect(sheet.computed).toEqual(['sign a*b'])
  // The cut-off has kept the dependencies.
  expect(set('a', -7)).toEqual(['?*c c', 'a*b'])
  expect([get('a*b'), get('?*c c')]).toEqual([-1, 0])
  expect(set('a', -8)).toEqual([])
  expect([...sheet.queries.keysOf(signs, '?*c c')].sort()).toEqual(['a', 'b', 'c'])
  // Both parts of one product change and cancel out.
  sheet.cells.set('b', -1)
  sheet.cells.set('c', -1)
  expect(
    sheet.queries
      .invalidate({ changedKeys: ['b', 'c'], removed: new Set() }, signs, sheet)
      .dropped.sort(),
  ).toEqual(['?*c c', 'a*b'])
  expect([get('a*b'), get('?*c c')]).toEqual([1, -2])
  // Nothing depends on it any more: it is dropped, not recomputed.
  expect(set('c', 4)).toEqual(['?*c c'])
  expect(set('c', -4)).toEqual([])
  expect(sheet.computed).toEqual([])
})

it('a result whose query throws when it is recomputed counts as changed', () => {
  const sheet = new Sheet()
  const failing: Query<Sheet, string, number> = {
    name: 'failing',
    compute: (context) => {
      if (context.read('a') > 1) throw new Error('no')
      return 1
    },
    isSame: Object.is,
  }
  const dependent: Query<Sheet, string, number> = {
    name: 'dependent',
    compute: (context) => context.queries.get(failing, 'x', context),
  }
  expect(sheet.queries.get(dependent, 'y', sheet)).toBe(1)
  sheet.cells.set('a', 2)
  expect(
    sheet.queries.invalidate({ changedKeys: ['a'], removed: new Set() }, dependent, sheet).dropped,
  ).toEqual(['y'])
  expect(() => sheet.queries.get(dependent, 'y', sheet)).toThrow('no')
  sheet.cells.set('a', 0)
  sheet.queries.invalidate({ changedKeys: ['a'], removed: new Set() }, dependent, sheet)
  expect(sheet.queries.get(dependent, 'y', sheet)).toBe(1)
})

it('results about removed arguments are not recomputed', () => {
  const sheet = new Sheet()
  const get = (argument: string): number => sheet.queries.get(signs, argument, sheet)
  expect([get('a*b'), get('c')]).toEqual([0, 0])
  sheet.computed = []
  expect(
    sheet.queries.invalidate({ changedKeys: ['a', 'c'], removed: new Set(['a*b']) }, signs, sheet),
  ).toEqual({ dropped: ['a*b'], moved: [] })
  expect(sheet.computed).toEqual(['sign c'])
})

it('a result that was dropped keeps no argument and no value in memory', () => {
  const memos = new Memos<Sheet>()
  const [memo, dependent] = [memos.add(sum, 'a+b'), memos.add(sum, '(a&b)+c')]
  memo.dependents = addDependent(memo.dependents, dependent)
  dependent.value = { large: true }
  memos.remove(dependent)
  expect([dependent.state, dependent.argument, dependent.value]).toEqual([
    'dropped',
    undefined,
    undefined,
  ])
  // The list still names it until another dependent is added.
  expect(memo.dependents).toBe(dependent)
  const other = memos.add(sum, '(a&b)+d')
  expect(addDependent(memo.dependents, other)).toBe(other)
})

it('dropped results are removed from lists of dependents', () => {
  const memos = new Memos<Sheet>()
  let list: Dependents<Sheet>
  for (let index = 0; index < 1_000; index++) {
    const memo = memos.add(sum, `a+${String(index)}`)
    list = addDependent(list, memo)
    if (index >= 20) memos.remove(memo)
  }
  expect(dependentsIn(list).length).toBeLessThanOrEqual(32)
  expect(dependentsIn(keptDependents(list))).toHaveLength(20)
})

it('a result that is recomputed many times is not repeated each time in a list of dependents', () => {
  const memos = new Memos<Sheet>()
  const results = Array.from({ length: 20 }, (_, index) => memos.add(sum, `a+${String(index)}`))
  let list: Dependents<Sheet>
  for (let round = 0; round < 1_000; round++)
    for (const memo of results) list = addDependent(list, memo)
  expect(dependentsIn(list).length).toBeLessThanOrEqual(64)
  expect(dependentsIn(keptDependents(list))).toEqual(results)
})

it('results for names that nothing mentions any more are forgotten', () => {
  const sheet = new Sheet()
  const edited: Query<Sheet, Cell, number> = {
    name: 'edited',
    compute: (context, { text }) => context.queries.get(signs, text, context),
  }
  const most = { size: 0, keys: 0 }
  let cell: Cell | undefined
  const edit = (text: string): void => {
    const removed = new Set(cell ? [cell] : [])
    sheet.queries.invalidate({ changedKeys: [], removed }, edited, sheet)
    cell = { text }
    sheet.queries.get(edited, cell, sheet)
    // A view reads this result after each edit.
    sheet.queries.get(signs, 'view', sheet)
    most.size = Math.max(most.size, sheet.queries.size)
    most.keys = Math.max(most.keys, sheet.queries.keys)
  }
  for (let index = 0; index < 10_000; index++) edit(`a*${String(index)}`)
  expect(most.size).toBeLessThan(3_000)
  expect(most.keys).toBeLessThan(3_000)
  expect(sheet.computed.filter((name) => name === 'signs view')).toHaveLength(1)
})

it('a result that stays the same but is computed from other keys is reported as moved', () => {
  const sheet = new Sheet()
  /** The cell whose name is in cell `name`. */
  const named: Query<Sheet, string, number> = {
    name: 'named',
    compute: (context, argument) =>
      context.read(argument) > 0 ? context.read('a') : context.read('b'),
    isSame: Object.is,
  }
  const double: Query<Sheet, string, number> = {
    name: 'double',
    compute: (context, argument) => 2 * context.queries.get(named, argument, context),
  }
  const change = (key: string, value: number): unknown => {
    sheet.cells.set(key, value)
    return sheet.queries.invalidate({ changedKeys: [key], removed: new Set() }, double, sheet)
  }
  const keys = (): string[] => [...sheet.queries.keysOf(double, 'name')].sort()
  expect([sheet.queries.get(double, 'name', sheet), keys()]).toEqual([0, ['b', 'name']])
  expect(change('name', 1)).toEqual({ dropped: [], moved: ['name'] })
  expect([sheet.queries.get(double, 'name', sheet), keys()]).toEqual([0, ['a', 'name']])
  expect(change('name', 2)).toEqual({ dropped: [], moved: [] })
  expect(change('b', 5)).toEqual({ dropped: [], moved: [] })
  expect(sheet.queries.readersOf(['a', 'z'], double)).toEqual(['name'])
  expect(change('a', 5)).toEqual({ dropped: ['name'], moved: [] })
})
