import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { SHOP, withServiceLabel } from '../support/examples.js'
import { waypointTrafficType } from './waypoint-traffic-type.js'

const rule = waypointTrafficType.name

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
const serving = (value: string, text = SHOP): string =>
  text.replace('waypoint-for: service', `waypoint-for: ${value}`)
const OWN = 'istio.io/use-waypoint: waypoint'
const ON_SERVICE = withServiceLabel(SHOP, OWN)
const ON_POD = SHOP.replace(
  '      labels:\n        app: api\n',
  `      labels:\n        app: api\n        ${OWN}\n`,
)

it('marks the label on the pod template', () => {
  const { found: marked, expected } = compareMarked(
    ON_POD.replace(
      `        ${OWN}\n`,
      `        ${OWN}\n#                              ^^^^^^^^ waypoint-traffic-type: Waypoint "shop/waypoint" serves Services only: traffic to the addresses of "api" does not pass it.\n`,
    ),
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('who names which waypoint', () => {
  const SERVICE = (what: string): string =>
    `Waypoint "shop/waypoint" serves ${what}: Service "api" is not bound to it, no L7 policy is enforced.`
  const POD = (what: string): string =>
    `Waypoint "shop/waypoint" serves ${what}: traffic to the addresses of "api" does not pass it.`
  it.each<[string, string, readonly string[]]>([
    ['a Service, one for Services', ON_SERVICE, []],
    ['a Service, one for both', serving('all', ON_SERVICE), []],
    ['a Service, one for workloads', serving('workload', ON_SERVICE), [SERVICE('workloads only')]],
    [
      'a Service, one for nothing',
      serving('none', ON_SERVICE.replace(`    ${OWN}\n---`, '---')),
      [SERVICE('no traffic')],
    ],
    [
      "a Service, one of an unknown word, which is the Gateway's mistake",
      serving('services', ON_SERVICE),
      [],
    ],
    [
      'a pod, one without a label',
      ON_POD.replace('  labels:\n    istio.io/waypoint-for: service\n', ''),
      [POD('Services only')],
    ],
    ['a pod, one for workloads', serving('workload', ON_POD), []],
    ['a namespace, one for workloads, as it may', serving('workload'), []],
    [
      'a namespace, one for nothing',
      serving('none'),
      [
        'Waypoint "shop/waypoint" serves no traffic: nothing in namespace "shop" is bound to it, no L7 policy is enforced.',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

it.each<[string, string, string, string]>([
  [
    'workloads, for a Service',
    serving('workload # for now', ON_SERVICE),
    'all',
    serving('all # for now', ON_SERVICE),
  ],
  [
    'Services, for a pod',
    serving('service # for now', ON_POD),
    'all',
    serving('all # for now', ON_POD),
  ],
  ['nothing, for a namespace', serving('none # for now'), 'service', serving('service # for now')],
])('widens a waypoint for %s', (_, text, value, golden) => {
  expectFixed(text, { rule, title: `Change istio.io/waypoint-for to "${value}"` }, golden)
})
