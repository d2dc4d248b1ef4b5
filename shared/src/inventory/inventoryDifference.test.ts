import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Resource } from '../resources/resource.js'
import { documents, pod, resourcesOf } from '../testing/index.js'
import { runs } from '../testing/runs.js'
import { indexKeys, keys } from './indexKeys.js'
import { Inventory, type InventoryChange } from './inventory.js'
import { InventoryDifference } from './inventoryDifference.js'

const ALL = ['a.yaml', 'b.yaml', 'c.yaml'].flatMap((file) =>
  resourcesOf(documents(pod('n/p'), pod('n/q'), pod('m/p')), file),
)
const KEYS = [...new Set(ALL.flatMap(indexKeys)), keys.opaque('Pod'), keys.all('Service')]

/** The inventory that has some of the objects, and as many templates. */
function inventoryOf(objects: ReadonlySet<Resource>): Inventory {
  return Inventory.empty().apply(changeBetween(new Set(), objects)).inventory
}

function changeBetween(
  before: ReadonlySet<Resource>,
  after: ReadonlySet<Resource>,
): InventoryChange {
  return {
    removed: [...before].filter((each) => !after.has(each)),
    added: [...after].filter((each) => !before.has(each)),
    opaque: new Map([['Pod', after.size - before.size]]),
  }
}

it('an inventory with a difference is the one that the difference describes, after any changes', () => {
  const objects = fc.subarray(ALL).map((some) => new Set(some))
  fc.assert(
    fc.property(fc.array(fc.tuple(objects, objects), { minLength: 1 }), (steps) => {
      let difference = new InventoryDifference({ removed: [], added: [] })
      let [base, own]: [ReadonlySet<Resource>, ReadonlySet<Resource>] = [new Set(), new Set()]
      for (const [nextBase, nextOwn] of steps) {
        difference = difference.after(changeBetween(own, nextOwn), changeBetween(base, nextBase))
        ;[base, own] = [nextBase, nextOwn]
        const [ofBase, expected] = [inventoryOf(base), inventoryOf(own)]
        const actual = ofBase.with(difference)
        for (const key of KEYS) {
          expect(actual.at(key)).toEqual(expected.at(key))
          if (!difference.concerns(key)) expect(actual.at(key)).toBe(ofBase.at(key))
        }
        expect(actual.opaqueCount('Pod')).toBe(own.size)
        expect(difference.concerns(keys.opaque('Pod'))).toBe(own.size !== base.size)
        expect(ALL.filter((each) => difference.lacks(each))).toEqual(
          ALL.filter((each) => base.has(each) && !own.has(each)),
        )
      }
    }),
    { numRuns: runs(50) },
  )
})

it('a change of both inventories keeps the difference, a change of one is in it', () => {
  const [a, b, c] = ALL
  const difference = new InventoryDifference({ removed: [a!], added: [b!] })
  const change = { removed: [], added: [c!] }
  expect(difference.after(change, change)).toBe(difference)
  const changed = Inventory.empty().with(difference.after({ removed: [b!], added: [c!] }))
  expect(changed.at('Pod')).toEqual([c])
  expect(difference.size).toBe(2)
  expect(difference.concernsAny(new Set(['Service', 'Pod']))).toBe(true)
  expect(difference.concernsAny(new Set(['Service']))).toBe(false)
})

it('a fork of an inventory with a difference has the change too', () => {
  const [a, b] = ALL
  const inventory = Inventory.empty().with(new InventoryDifference({ removed: [], added: [a!] }))
  const { inventory: fork, changedKeys } = inventory.apply({ removed: [a!], added: [b!] })
  expect([inventory.at('Pod'), fork.at('Pod')]).toEqual([[a], [b]])
  expect(changedKeys).toEqual(expect.arrayContaining(['Pod', 'Pod|n|p', 'Pod|n|q']))
})
