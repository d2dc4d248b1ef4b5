import { expect, it } from 'vitest'
import { canaryBinding, canaryOfService, shareOfCanary } from './canary.js'
import type { AnalyseOptions } from '../testing/index.js'
import {
  type Plain,
  labels,
  namespace,
  gateway,
  service,
  meshOf,
  OPEN,
  the,
  HBONE,
  AMBIENT,
} from '../testing/meshObjects.js'

const CANARY = 'istio.io/use-waypoint-canary'
const WEIGHT = `${CANARY}-weight`
const base = [
  gateway('shop/w'),
  gateway('shop/next'),
  gateway(
    'infra/w',
    {},
    { listeners: [{ ...HBONE, allowedRoutes: { namespaces: { from: 'All' } } }] },
  ),
  gateway('infra/closed'),
  gateway('shop/pods', labels({ 'istio.io/waypoint-for': 'workload' })),
]
const chosen = (
  given: Plain,
  weight: Plain = { [WEIGHT]: '5' },
  {
    ns = namespace('shop'),
    options = { world: 'closed' },
    objects = base,
  }: { ns?: string; options?: AnalyseOptions; objects?: readonly string[] } = {},
): unknown => {
  const mesh = meshOf(
    [ns, ...objects, service('shop/s', { 'istio.io/use-waypoint': 'w', ...given }, {}, weight)],
    options,
  )
  const binding = mesh.get(canaryBinding, the(mesh, 'Service'))
  if (binding.status === 'error') return `${binding.reason} ${binding.namespace}/${binding.name}`
  return binding.status === 'bound'
    ? `${binding.gateway.namespace}/${binding.gateway.name} ${binding.weight}`
    : binding.status
}
const inheriting = { 'istio.io/use-waypoint': undefined }
const ns = (given: Plain, annotations: Plain = {}): string =>
  namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': 'w', ...given }, annotations)

it.each<[string, unknown, string]>([
  ['chosen', chosen({ [CANARY]: 'next' }), 'shop/next 5'],
  ['elsewhere', chosen({ [CANARY]: 'w', [`${CANARY}-namespace`]: 'infra' }), 'infra/w 5'],
  ['no weight', chosen({ [CANARY]: 'next' }, {}), 'shop/next 0'],
  ['all', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '100' }), 'shop/next 100'],
  ['a signed weight', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '+7' }), 'shop/next 7'],
  ['above all', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '101' }), 'CanaryInvalidWeight shop/next'],
  ['below none', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '-1' }), 'CanaryInvalidWeight shop/next'],
  ['a share', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '5%' }), 'CanaryInvalidWeight shop/next'],
  ['a float', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '1e1' }), 'CanaryInvalidWeight shop/next'],
  ['a text', chosen({ [CANARY]: 'next' }, { [WEIGHT]: 'x5' }), 'CanaryInvalidWeight shop/next'],
  ['the primary', chosen({ [CANARY]: 'w' }), 'CanarySameAsPrimary shop/w'],
  ['not there', chosen({ [CANARY]: 'gone' }), 'WaypointIsNotReady shop/gone'],
  [
    'perhaps elsewhere',
    chosen(
      { [CANARY]: 'gone', [`${CANARY}-namespace`]: 'far' },
      { [WEIGHT]: '5' },
      { options: OPEN },
    ),
    'unknown',
  ],
  [
    'not for this namespace',
    chosen({ [CANARY]: 'closed', [`${CANARY}-namespace`]: 'infra' }),
    'AttachmentDenied infra/closed',
  ],
  [
    'perhaps not for this namespace',
    chosen(
      { [CANARY]: 'picky', [`${CANARY}-namespace`]: 'infra' },
      { [WEIGHT]: '5' },
      {
        ns: '',
        options: OPEN,
        objects: [
          ...base,
          gateway(
            'infra/picky',
            {},
            {
              listeners: [
                {
                  ...HBONE,
                  allowedRoutes: {
                    namespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } },
                  },
                },
              ],
            },
          ),
        ],
      },
    ),
    'unknown',
  ],
  ['for workloads', chosen({ [CANARY]: 'pods' }), 'UnsupportedTrafficType shop/pods'],
  ['filled in', chosen({ [CANARY]: '${X}' }), 'unknown'],
  [
    'in a namespace that is filled in',
    chosen({ [CANARY]: 'next', [`${CANARY}-namespace`]: '${X}' }),
    'unknown',
  ],
  ['none', chosen({ [CANARY]: 'none' }), 'none'],
  ['empty', chosen({ [CANARY]: '' }), 'none'],
  ['not chosen', chosen({}), 'none'],
  ['without a primary', chosen({ 'istio.io/use-waypoint': 'none', [CANARY]: 'next' }), 'none'],
  [
    'before 1.31',
    chosen(
      { [CANARY]: 'next' },
      { [WEIGHT]: '5' },
      { options: { world: 'closed', settings: { istioVersion: '1.30' } } },
    ),
    'none',
  ],
  [
    'of the Namespace',
    chosen(inheriting, {}, { ns: ns({ [CANARY]: 'next' }, { [WEIGHT]: '9' }) }),
    'shop/next 9',
  ],
  [
    'of the Namespace elsewhere',
    chosen(
      inheriting,
      {},
      { ns: ns({ [CANARY]: 'w', [`${CANARY}-namespace`]: 'infra' }, { [WEIGHT]: '9' }) },
    ),
    'infra/w 9',
  ],
  [
    "of the Namespace with the Service's weight",
    chosen(inheriting, { [WEIGHT]: '5' }, { ns: ns({ [CANARY]: 'next' }, { [WEIGHT]: '9' }) }),
    'shop/next 5',
  ],
  [
    "the Service's before the Namespace's",
    chosen({ ...inheriting, [CANARY]: 'pods' }, {}, { ns: ns({ [CANARY]: 'next' }) }),
    'UnsupportedTrafficType shop/pods',
  ],
  [
    "the Service's where the Namespace has none",
    chosen({ ...inheriting, [CANARY]: 'next' }, {}, { ns: ns({}) }),
    'shop/next 0',
  ],
  [
    'not of the Namespace, where the Service chooses',
    chosen({}, {}, { ns: ns({ [CANARY]: 'next' }) }),
    'none',
  ],
])('a canary waypoint: %s', (_, found, expected) => {
  expect(found).toBe(expected)
})

it('counts a canary waypoint from a weight of one percent', () => {
  const taken = (weight: string, given: Plain = { [CANARY]: 'next' }): unknown => {
    const mesh = meshOf([
      namespace('shop'),
      ...base,
      service('shop/s', { 'istio.io/use-waypoint': 'w', ...given }, {}, { [WEIGHT]: weight }),
    ])
    const found = the(mesh, 'Service')
    return [canaryOfService(mesh, found)?.name, shareOfCanary(mesh, found)]
  }
  expect([taken('0'), taken('1'), taken('101'), taken('5', {})]).toEqual([
    [undefined, 0],
    ['next', 1],
    [undefined, 0],
    [undefined, 0],
  ])
})
