import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  service,
  to,
  waypoint,
} from '../testing/index.js'
import { accessEffect } from './accessEffect.js'
import { findAccess } from './findAccess.js'

const MESH = [
  namespace('shop', { ambient: true, labels: { 'istio.io/use-waypoint': 'waypoint' } }),
  waypoint('shop/waypoint'),
  deployment('shop/api', { serviceAccount: 'api' }),
  service('shop/api'),
]
const API = { service: 'shop/api', port: 80 }
const MANY = 60

const numbered = (count: number, text: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => text(index))

/** Values of which a dimension has pairs or other combinations, so that their number can be squared or more. */
const VALUES: Readonly<Record<string, (count: number) => Readonly<Record<string, unknown>>>> = {
  paths: (count) => to({ paths: numbered(count, (index) => `/p${index}/*`) }),
  'path templates': (count) => to({ paths: numbered(count, (index) => `/{*}/p${index}`) }),
  'prefixes and suffixes of hosts': (count) =>
    to({ hosts: numbered(count, (index) => (index % 2 ? `h${index}.*` : `*.h${index}`)) }),
  methods: (count) => to({ methods: numbered(count, (index) => `M${index}`) }),
  namespaces: (count) => from({ namespaces: numbered(count, (index) => `n${index}-*`) }),
  principals: (count) =>
    from({ principals: numbered(count, (index) => `td${index}/ns/n${index}/sa/s${index}*`) }),
  remoteIpBlocks: (count) =>
    from({ remoteIpBlocks: numbered(count, (index) => `10.0.${index}.0/24`) }),
  'values of a header': (count) => ({
    when: [{ key: 'request.headers[x-a]', values: numbered(count, (index) => `v${index}`) }],
  }),
}

function accessWith(rule: Readonly<Record<string, unknown>>, mostComparisons: number) {
  const policy = authorizationPolicy('shop/p', { targetRefs: ['Service/api'], rules: [rule] })
  const { mesh } = analyse(documents(...MESH, policy), { world: 'closed' })
  return findAccess(mesh, [API], {}, { mostComparisons })
}

it.each(Object.entries(VALUES))(
  'with more %s than can be compared, the destination is not compared',
  (_, rule) => {
    const { found, notCompared } = accessWith(rule(MANY), 3_000)
    expect(found).toEqual([])
    expect(notCompared.map(({ target }) => target)).toEqual([API])
    expect(notCompared[0]?.reason).toMatch(/^the policies have too many /)
  },
)

it.each(Object.entries(VALUES))('with one of %s, the destination is compared', (_, rule) => {
  const { found, notCompared } = accessWith(rule(1), 3_000)
  expect(notCompared).toEqual([])
  expect(found.length).toBeGreaterThan(0)
})

it('the requests of a destination are counted with all values of its policies', () => {
  const rules = numbered(20, (index) => `/p${index}`).map((path, index) => ({
    ...from({ principals: [`cluster.local/ns/shop/sa/s${index}`] }),
    ...to({ paths: [path] }),
  }))
  const policy = authorizationPolicy('shop/p', { targetRefs: ['Service/api'], rules })
  const { mesh } = analyse(documents(...MESH, policy), { world: 'closed' })
  const reasons = (mostComparisons: number) =>
    findAccess(mesh, [API], {}, { mostComparisons }).notCompared.map(({ reason }) => reason)
  expect(reasons(5_000)).toEqual([
    expect.stringMatching(/^the policies have too many values to evaluate \d+ kinds of requests$/),
  ])
  expect(reasons(50_000)).toEqual([])
})

it.each([
  ['one definition', 1, []],
  [
    'many definitions',
    8,
    [
      expect.stringMatching(
        /^objects have too many definitions to evaluate \d+ kinds of requests with each of them$/,
      ),
    ],
  ],
])('a change is compared if an object has %s', (_, definitions, reasons) => {
  const rule = {
    ...from({ principals: numbered(40, (index) => `cluster.local/ns/shop/sa/s${index}`) }),
    ...to({ paths: numbered(40, (index) => `/p${index}`) }),
  }
  const jobs = numbered(definitions, (index) =>
    deployment('shop/job', { serviceAccount: `job${index}` }),
  )
  const meshWith = (action: string) => {
    const policy = authorizationPolicy('shop/p', {
      targetRefs: ['Service/api'],
      action,
      rules: [rule],
    })
    return analyse(documents(...MESH, ...jobs, policy), { world: 'closed' }).mesh
  }
  const { closes, notCompared } = accessEffect(meshWith('ALLOW'), meshWith('DENY'), [])
  const isApi = ({ target }: { readonly target: object }): boolean => 'service' in target
  expect(notCompared.filter(isApi).map(({ reason }) => reason)).toEqual(reasons)
  expect(closes.some(isApi)).toBe(reasons.length === 0)
})
