import { expect, it } from 'vitest'
import { documents, pod, resourcesOf } from '../testing/index.js'
import { Inventory } from './inventory.js'

it('a change gives another inventory and the keys whose content differs', () => {
  const [a] = resourcesOf(pod('n/a'), 'a.yaml')
  const [b] = resourcesOf(pod('n/b'), 'b.yaml')
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
  expect([...two.changedKeys]).toEqual(
    expect.arrayContaining(['Pod', 'Workload|n|app=a', 'opaque|Service']),
  )
  expect([...two.changedKeys]).not.toContain('Workload|n|app=b')
  expect([...two.changedKeys]).not.toContain('opaque|Pod')
  expect(three.inventory.at('Workload')).toEqual([a])
  expect(three.inventory.opaqueCount('Service')).toBe(1)
  expect([empty.at('Pod'), one.inventory.at('Pod'), two.inventory.opaqueCount('Service')]).toEqual([
    [],
    [b],
    2,
  ])
})

it('resources are in the order of file and document, not in the order in which they were added', () => {
  const all = ['c.yaml', 'a.yaml', 'b.yaml'].flatMap((file) =>
    resourcesOf(documents(pod('n/p'), pod('n/q')), file),
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
