import { expect, it } from 'vitest'
import { resourcesOf } from '../testing/index.js'
import { indexKeys, keys } from './indexKeys.js'
import { Inventory } from './inventory.js'
import { PersistentMap } from './persistentMap.js'
import { Queries, type Query } from './queries.js'
import { sameAnswer } from './sameAnswer.js'

const at = (file: string, text: string) => resourcesOf(text, file)
const pod = (name: string, labels = '{app: x}'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: n\n  labels: ${labels}\n`

it('lists a resource under each of its keys', () => {
  const [resource] = at('a.yaml', pod('p', '{app: x, v: "1"}'))
  expect(indexKeys(resource!).sort()).toEqual([
    'Identity|n|default',
    'Pod',
    'Pod|n',
    'Pod|n|p',
    'Workload',
    'Workload|n',
    'Workload|n|app=x',
    'Workload|n|v=1',
    'Workload||app=x',
    'Workload||v=1',
  ])
  const policy = (spec: string) =>
    indexKeys(
      at(
        'a.yaml',
        `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: n}\nspec: ${spec}\n`,
      )[0]!,
    ).slice(3)
  expect(policy('{}')).toEqual([keys.selecting('AuthorizationPolicy', 'n', '*')])
  expect(policy('{selector: {matchLabels: {b: "2", a: "1"}}}')).toEqual([
    keys.selecting('AuthorizationPolicy', 'n', 'a=1'),
  ])
  expect(policy('{targetRefs: [{kind: Service, group: "", name: s}]}')).toEqual([
    keys.targeting('n', 'Service', 's'),
  ])
})

it('goes from one state to the next and names what differs', () => {
  const [a] = at('a.yaml', pod('a'))
  const [b] = at('b.yaml', pod('b', '{app: y}'))
  const empty = Inventory.empty()
  const one = empty.apply({ removed: [], added: [b!] })
  const two = one.inventory.apply({
    removed: [],
    added: [a!],
    opaque: new Map([
      ['Service', 2],
      ['Pod', 0],
    ]),
  })
  const three = two.inventory.apply({
    removed: [b!],
    added: [],
    opaque: new Map([['Service', -1]]),
  })
  expect(two.inventory.at('Pod')).toEqual([a, b])
  expect([...two.touched]).toEqual(
    expect.arrayContaining(['Pod', 'Workload|n|app=x', 'opaque|Service']),
  )
  expect([...two.touched]).not.toContain('Workload|n|app=y')
  expect([...two.touched]).not.toContain('opaque|Pod')
  expect(three.inventory.at('Workload')).toEqual([a])
  expect(three.inventory.opaqueCount('Service')).toBe(1)
  expect([empty.at('Pod'), one.inventory.at('Pod'), two.inventory.opaqueCount('Service')]).toEqual([
    [],
    [b],
    2,
  ])
})

it('keeps order by file and document, however it was filled', () => {
  const all = ['c.yaml', 'a.yaml', 'b.yaml'].flatMap((file) =>
    at(file, `${pod('p')}---\n${pod('q')}`),
  )
  const forward = Inventory.empty().apply({ removed: [], added: all }).inventory
  const backward = [...all]
    .reverse()
    .reduce(
      (inventory, resource) => inventory.apply({ removed: [], added: [resource] }).inventory,
      Inventory.empty(),
    )
  const order = (inventory: Inventory): string[] =>
    inventory.at('Pod').map(({ origin, name }) => origin.file + name)
  expect(order(forward)).toEqual(['a.yamlp', 'a.yamlq', 'b.yamlp', 'b.yamlq', 'c.yamlp', 'c.yamlq'])
  expect(order(backward)).toEqual(order(forward))
})

it('a persistent map never changes its predecessors', () => {
  let map = PersistentMap.empty<number>()
  const versions = [map]
  for (let index = 0; index < 1_500; index++) {
    map = map.with(new Map([[`k${String(index % 700)}`, index % 3 === 0 ? undefined : index]]))
    versions.push(map)
  }
  const model = new Map<string, number | undefined>()
  for (let index = 0; index < 1_500; index++) {
    expect(versions[index]?.get(`k${String(index % 700)}`)).toBe(
      model.get(`k${String(index % 700)}`),
    )
    model.set(`k${String(index % 700)}`, index % 3 === 0 ? undefined : index)
  }
  for (const [key, value] of model) expect(map.get(key)).toBe(value)
})

/** A spreadsheet: cells are base keys, sums read two others. */
class Sheet {
  readonly cells = new Map<string, number>()
  readonly queries = new Queries<Sheet, number>((key) => this.cells.get(key) ?? 0, true)
  computed: string[] = []

  read(key: string): number {
    return this.queries.read(key)
  }

  /** Changes a cell and returns the sums that are lost. */
  set(key: string, value: number): string[] {
    this.cells.set(key, value)
    return this.queries.invalidate({ touched: [key], gone: new Set() }, sum, this).sort()
  }
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

it('forgets exactly what rests on a key', () => {
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

it('forgets two hundred thousand readers of one key', () => {
  const sheet = new Sheet()
  for (let index = 0; index < 200_000; index++) sheet.queries.get(sum, `a+${String(index)}`, sheet)
  expect(sheet.queries.invalidate({ touched: ['a'], gone: new Set() }, sum, sheet)).toHaveLength(
    200_000,
  )
})

it('a query that fails is not remembered, and one that asks for itself fails', () => {
  const sheet = new Sheet()
  let fail = true
  const moody: Query<Sheet, string, number> = {
    name: 'moody',
    compute: (context) => {
      if (fail) throw new Error('no')
      return context.read('a')
    },
  }
  expect(() => sheet.queries.get(moody, 'x', sheet)).toThrow('no')
  fail = false
  expect(sheet.queries.get(moody, 'x', sheet)).toBe(0)
  const self: Query<Sheet, string, number> = {
    name: 'self',
    compute: (context): number => context.queries.get(self, 'x', context),
  }
  expect(() => sheet.queries.get(self, 'x', sheet)).toThrow('Query self depends on itself.')
})

/** A sheet whose sums read signs, which are worked out again at once and cut off where they stay. */
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
  same: Object.is,
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

it('leaves alone who read an answer that stays the same', () => {
  const sheet = new Sheet()
  const set = (key: string, value: number): string[] => {
    sheet.cells.set(key, value)
    sheet.computed = []
    return sheet.queries.invalidate({ touched: [key], gone: new Set() }, signs, sheet).sort()
  }
  const get = (argument: string): number => sheet.queries.get(signs, argument, sheet)
  for (const key of ['a', 'b', 'c']) set(key, 1)
  expect([get('a*b'), get('?*c c')]).toEqual([1, 2])
  // A new value of the same sign: signs are worked out again, sums of signs are not.
  expect(set('a', 7)).toEqual([])
  expect(sheet.computed).toEqual(['sign a*b'])
  // Still read through what was kept.
  expect(set('a', -7)).toEqual(['?*c c', 'a*b'])
  expect([get('a*b'), get('?*c c')]).toEqual([-1, 0])
  expect(set('a', -8)).toEqual([])
  expect([...sheet.queries.keysOf(signs, '?*c c')].sort()).toEqual(['a', 'b', 'c'])
  // Both parts of one product change and cancel out.
  sheet.cells.set('b', -1)
  sheet.cells.set('c', -1)
  expect(
    sheet.queries.invalidate({ touched: ['b', 'c'], gone: new Set() }, signs, sheet).sort(),
  ).toEqual(['?*c c', 'a*b'])
  expect([get('a*b'), get('?*c c')]).toEqual([1, -2])
  // Nobody reads it any more: it is dropped, not worked out.
  expect(set('c', 4)).toEqual(['?*c c'])
  expect(set('c', -4)).toEqual([])
  expect(sheet.computed).toEqual([])
})

it('an answer that cannot be worked out again is one that differs', () => {
  const sheet = new Sheet()
  const moody: Query<Sheet, string, number> = {
    name: 'moody',
    compute: (context) => {
      if (context.read('a') > 1) throw new Error('no')
      return 1
    },
    same: Object.is,
  }
  const reader: Query<Sheet, string, number> = {
    name: 'reader',
    compute: (context) => context.queries.get(moody, 'x', context),
  }
  expect(sheet.queries.get(reader, 'y', sheet)).toBe(1)
  sheet.cells.set('a', 2)
  expect(sheet.queries.invalidate({ touched: ['a'], gone: new Set() }, reader, sheet)).toEqual([
    'y',
  ])
  expect(() => sheet.queries.get(reader, 'y', sheet)).toThrow('no')
  sheet.cells.set('a', 0)
  sheet.queries.invalidate({ touched: ['a'], gone: new Set() }, reader, sheet)
  expect(sheet.queries.get(reader, 'y', sheet)).toBe(1)
})

it('works out nothing about what is gone', () => {
  const sheet = new Sheet()
  const get = (argument: string): number => sheet.queries.get(signs, argument, sheet)
  expect([get('a*b'), get('c')]).toEqual([0, 0])
  sheet.computed = []
  expect(
    sheet.queries.invalidate({ touched: ['a', 'c'], gone: new Set(['a*b']) }, signs, sheet),
  ).toEqual(['a*b'])
  expect(sheet.computed).toEqual(['sign c'])
})

it('one answer is another where it says the same of the same objects', () => {
  const [a, b] = [...at('a.yaml', pod('p')), ...at('a.yaml', pod('p'))]
  expect([
    sameAnswer({ mode: 'ambient', of: [a] }, { mode: 'ambient', of: [a] }),
    sameAnswer([new Set(['x']), new Map([['k', [a]]])], [new Set(['x']), new Map([['k', [a]]])]),
    sameAnswer(Number.NaN, Number.NaN),
  ]).toEqual([true, true, true])
  expect([
    sameAnswer(a, b),
    sameAnswer([a], [b]),
    sameAnswer({ x: 1 }, { x: 1, y: undefined }),
    sameAnswer({ x: undefined }, { y: undefined }),
    sameAnswer([1], [1, 2]),
    sameAnswer(new Set([1]), new Set([2])),
    sameAnswer(new Map([['k', 1]]), new Map([['k', 2]])),
    sameAnswer([], {}),
    sameAnswer({}, []),
    sameAnswer(null, {}),
    sameAnswer(new Date(0), new Date(0)),
    sameAnswer(new Set(), new Map()),
    sameAnswer(new Map(), new Set()),
  ]).toEqual(new Array(13).fill(false))
})
