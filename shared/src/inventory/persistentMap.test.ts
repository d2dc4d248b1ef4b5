import { assert, property, array, oneof, constant, record, integer, string } from 'fast-check'
import { expect, it } from 'vitest'
import { PersistentMap } from './persistentMap.js'

const key = oneof(string({ maxLength: 4 }), constant('__proto__'), constant('a|b'))

it('a persistent map has the same entries as a Map after any changes', () => {
  assert(
    property(
      array(
        array(record({ key, value: oneof(integer(), constant(undefined)) }), { maxLength: 8 }),
        { maxLength: 8 },
      ),
      (steps) => {
        let map = PersistentMap.empty<number>()
        const model = new Map<string, number>()
        for (const step of steps) {
          const before = map
          const snapshot = new Map(model)
          const changes = new Map(step.map((change) => [change.key, change.value]))
          map = map.with(changes)
          for (const [name, value] of changes) {
            if (value === undefined) model.delete(name)
            else model.set(name, value)
          }
          for (const name of new Set([
            ...model.keys(),
            ...snapshot.keys(),
            ...changes.keys(),
            'never',
          ])) {
            expect([map.get(name), before.get(name)]).toEqual([model.get(name), snapshot.get(name)])
          }
        }
      },
    ),
  )
})

it('a persistent map holds 20,000 entries', () => {
  const entries = Array.from({ length: 20_000 }, (_, index): [string, number] => [
    `AuthorizationPolicy|ns-${index % 100}|name-${index}`,
    index,
  ])
  const map = PersistentMap.empty<number>().with(new Map(entries))
  expect(entries.every(([name, value]) => map.get(name) === value)).toBe(true)
})

it('a map stays as it is while its successors change', () => {
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
