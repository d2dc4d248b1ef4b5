import { expect, it } from 'vitest'
import {
  analyse,
  documents,
  expectFixed,
  findingsOf,
  namespace,
  service,
  serviceEntry,
  waypoint,
  type AnalyseOptions,
  type Labels,
} from '../../testing/index.js'
import { canaryNotAttachedPage } from './canary-not-attached.page.js'
import { canaryNotAttached } from './canary-not-attached.js'

const rule = canaryNotAttached.name
const found = (text: string, options: AnalyseOptions = {}): string[] =>
  findingsOf(analyse(text, options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('canary-not-attached reports the bad example of its page', () => {
  expect(found(canaryNotAttachedPage.bad)).toEqual([
    'warning: No traffic uses canary "shop/nxt", because it does not exist: all of it uses waypoint "shop/waypoint".',
  ])
})

it('canary-not-attached reports nothing for the good example of its page', () => {
  expect(found(canaryNotAttachedPage.good)).toEqual([])
})

const CANARY = 'istio.io/use-waypoint-canary'
const weight = (text: string): Labels => ({ [`${CANARY}-weight`]: text })
const DOORS = documents(
  waypoint('pay/door'),
  waypoint('pay/pods', { for: 'workload' }),
  namespace('infra', { ambient: false }),
  waypoint('infra/closed'),
)
const inPay = (labels: Labels, annotations: Labels = weight('20')): string =>
  documents(
    namespace('pay', { waypoint: 'door', labels, annotations }),
    DOORS,
    service('pay/ledger'),
    serviceEntry('pay/bank'),
  )
const ALL = ': all of it uses waypoint "pay/door".'

it.each<[string, string, string[]]>([
  [
    'a waypoint for workloads, chosen by the Namespace, once',
    inPay({ [CANARY]: 'pods' }),
    [`warning: No traffic uses canary "pay/pods", because it serves only workloads${ALL}`],
  ],
  [
    'a waypoint that does not allow the namespace',
    inPay({ [CANARY]: 'closed', [`${CANARY}-namespace`]: 'infra' }),
    [
      `warning: No traffic uses canary "infra/closed", because it does not allow namespace "pay"${ALL}`,
    ],
  ],
  [
    'the waypoint itself',
    inPay({ [CANARY]: 'door' }),
    [`warning: No traffic uses canary "pay/door", because it is the waypoint itself${ALL}`],
  ],
  [
    'a weight in percent',
    inPay({ [CANARY]: 'pods' }, weight('20%')),
    [
      `warning: No traffic uses canary "pay/pods", because its weight is not an integer from 0 to 100${ALL}`,
    ],
  ],
  [
    'a canary of a ServiceEntry',
    documents(
      namespace('pay'),
      DOORS,
      serviceEntry('pay/bank', { waypoint: 'door', labels: { [CANARY]: 'pods' } }),
    ),
    [`warning: No traffic uses canary "pay/pods", because it serves only workloads${ALL}`],
  ],
])('reports %s', (_, text, expected) => {
  expect(found(text)).toEqual(expected)
})

it.each<[string, string, AnalyseOptions]>([
  ['the label is "none"', inPay({ [CANARY]: 'none' }), {}],
  [
    'the canary may be in other files',
    inPay({ [CANARY]: 'w', [`${CANARY}-namespace`]: 'else' }),
    {},
  ],
  ['another tool fills in the weight', inPay({ [CANARY]: 'pods' }, weight('${WEIGHT}')), {}],
  [
    'the release has no canary waypoints',
    inPay({ [CANARY]: 'pods' }),
    { settings: { istioVersion: '1.30' } },
  ],
  [
    'the Service has a waypoint of its own, and so no canary of the Namespace',
    documents(
      namespace('pay', { waypoint: 'door', labels: { [CANARY]: 'pods' } }),
      DOORS,
      service('pay/ledger', { waypoint: 'door' }),
    ),
    {},
  ],
  [
    'nothing is bound',
    documents(namespace('pay', { labels: { [CANARY]: 'pods' } }), DOORS, service('pay/ledger')),
    {},
  ],
])('reports nothing if %s', (_, text, options) => {
  expect(found(text, options)).toEqual([])
})

it.each(['Change to "next"', 'Remove the canary'])('offers the fix: %s', (title) => {
  expectFixed(canaryNotAttachedPage.bad, { rule, title })
})

it.each<[string, Labels, string]>([
  ['serves Services', { [CANARY]: 'pods' }, 'Change istio.io/waypoint-for of "pods" to "all"'],
  [
    'allows the namespace',
    { [CANARY]: 'closed', [`${CANARY}-namespace`]: 'infra' },
    'Allow namespace "pay" to use the waypoint',
  ],
])('offers a fix so that the canary %s', (_, labels, title) => {
  expectFixed(inPay(labels), { rule, title })
})

it('corrects a weight in percent, if nothing else keeps the canary from its traffic', () => {
  const withNext = `${inPay({ [CANARY]: 'next' }, weight('20%'))}---\n${waypoint('pay/next')}`
  expectFixed(withNext, { rule, title: 'Change to "20"' })
  const fixesOf = (text: string): readonly string[] =>
    findingsOf(analyse(text))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes.map(({ title }) => title))
  expect(fixesOf(inPay({ [CANARY]: 'pods' }, weight('20%')))).toEqual(['Remove the canary'])
})
