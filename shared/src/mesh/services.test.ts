import { expect, it } from 'vitest'
import {
  selectWorkloads,
  servicesOfWorkload,
  targetPortOf,
  workloadsOfService,
} from './services.js'
import {
  type Plain,
  object,
  pod,
  service,
  meshOf,
  the,
  workload,
  names,
} from '../testing/meshObjects.js'

const objects = [
  pod('shop/a', { app: 'api', tier: 'x' }),
  pod('shop/b', { app: 'api' }),
  pod('dev/c', { app: 'api' }),
  object('Pod', 'shop/bare'),
]

it.each<[string, Plain, string[]]>([
  ['all labels', { selector: { app: 'api', tier: 'x' } }, ['shop/a']],
  ['one label', { selector: { app: 'api' } }, ['shop/a', 'shop/b']],
  ['an empty selector', { selector: {} }, []],
  ['no selector', {}, []],
])('a Service and its workloads find each other by %s', (_, spec, expected) => {
  const mesh = meshOf([...objects, service('shop/s', {}, spec)])
  expect(names(mesh.get(workloadsOfService, the(mesh, 'Service')))).toEqual(expected)
  for (const name of ['a', 'b', 'c', 'bare'])
    expect(mesh.get(servicesOfWorkload, workload(mesh, name)).length > 0, name).toBe(
      expected.some((found) => found.endsWith(`/${name}`)),
    )
})

it('selects all workloads by a selector without labels', () => {
  const mesh = meshOf(objects)
  expect([
    names(selectWorkloads(mesh, {}, 'shop')),
    names(selectWorkloads(mesh, undefined, 'shop')),
    names(selectWorkloads(mesh, {}, undefined)),
  ]).toEqual([
    ['shop/a', 'shop/b', 'shop/bare'],
    ['shop/a', 'shop/b', 'shop/bare'],
    ['dev/c', 'shop/a', 'shop/b', 'shop/bare'],
  ])
  expect([
    names(selectWorkloads(mesh, { app: 'api' }, undefined)),
    names(selectWorkloads(mesh, { app: 'api', tier: 'x' }, undefined)),
    names(selectWorkloads(mesh, { app: 'api' }, 'dev')),
  ]).toEqual([['dev/c', 'shop/a', 'shop/b'], ['shop/a'], ['dev/c']])
})

it('finds the workloads of a ServiceEntry by its workloadSelector', () => {
  const mesh = meshOf([
    ...objects,
    object('ServiceEntry', 'shop/e', {
      hosts: ['a.b'],
      workloadSelector: { labels: { app: 'api' } },
    }),
  ])
  expect(names(mesh.get(workloadsOfService, the(mesh, 'ServiceEntry')))).toEqual([
    'shop/a',
    'shop/b',
  ])
})

it('finds the container port of a target port by number or by name', () => {
  const mesh = meshOf([
    pod(
      'shop/p',
      {},
      {
        containers: [
          {
            name: 'a',
            ports: [
              { name: 'web', containerPort: 8080 },
              { name: '80', containerPort: 9999 },
            ],
          },
        ],
      },
    ),
    object('WorkloadEntry', 'shop/e', { ports: { web: 8080, bad: 'x1', worse: '1x' } }),
  ])
  const of = (name: string, port: number | string): number | undefined =>
    targetPortOf(workload(mesh, name), port)
  expect([
    of('p', 81),
    of('p', 'web'),
    of('p', '80'),
    of('p', '8080'),
    of('p', 'gone'),
    of('p', '8080x'),
    of('p', 'x8080'),
    of('p', ''),
  ]).toEqual([81, 8080, 9999, 8080, undefined, undefined, undefined, undefined])
  expect([
    of('e', 81),
    of('e', 'web'),
    of('e', 'gone'),
    of('e', '8080'),
    of('e', 'bad'),
    of('e', 'worse'),
  ]).toEqual([81, 8080, undefined, undefined, undefined, undefined])
})
