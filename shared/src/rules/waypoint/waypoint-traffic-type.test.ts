import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { SHOP, withServiceLabel } from '../support/examples.js'
import { waypointTrafficType } from './waypoint-traffic-type.js'

const rule = waypointTrafficType.name

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
const serving = (value: string, text = SHOP): string =>
  replaceIn(text, ['waypoint-for: service', `waypoint-for: ${value}`])
const OWN = 'istio.io/use-waypoint: waypoint'
const ON_SERVICE = withServiceLabel(SHOP, OWN)
const ON_POD = replaceIn(SHOP, [
  '      labels:\n        app: api\n',
  `      labels:\n        app: api\n        ${OWN}\n`,
])

const AT_WAYPOINT = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: get, namespace: shop }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }]
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`

it('marks the label on the pod template', () => {
  const { found: marked, expected } = compareMarked(
    replaceIn(ON_POD, [
      `        ${OWN}\n`,
      `        ${OWN}\n` +
        '#                              ^^^^^^^^ waypoint-traffic-type: Traffic to the addresses of "api" bypasses L7 policies: waypoint "shop/waypoint" serves only Services.\n',
    ]),
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the use-waypoint label', () => {
  const serviceMessage = (what: string): string =>
    `No L7 policy is enforced for Service "api": waypoint "shop/waypoint" serves ${what}.`
  const podMessage = (what: string): string =>
    `Traffic to the addresses of "api" bypasses L7 policies: waypoint "shop/waypoint" serves ${what}.`
  it.each<[string, string, readonly string[]]>([
    ['a Service with a waypoint for Services', ON_SERVICE, []],
    ['a Service with a waypoint for all traffic', serving('all', ON_SERVICE), []],
    [
      'a Service with a waypoint for workloads',
      serving('workload', ON_SERVICE),
      [serviceMessage('only workloads')],
    ],
    [
      'a Service with a waypoint for no traffic',
      serving('none', replaceIn(ON_SERVICE, [`    ${OWN}\n---`, '---'])),
      [serviceMessage('no traffic')],
    ],
    [
      "a Service, one of an unknown word, which is the Gateway's mistake",
      serving('services', ON_SERVICE),
      [],
    ],
    [
      'a pod with a waypoint without waypoint-for',
      replaceIn(ON_POD, ['  labels:\n    istio.io/waypoint-for: service\n', '']),
      [podMessage('only Services')],
    ],
    ['a pod with a waypoint for workloads', serving('workload', ON_POD), []],
    ['a namespace with a waypoint for workloads, which is valid', serving('workload'), []],
    [
      'a namespace with a waypoint for workloads and a policy at it',
      serving('workload') + AT_WAYPOINT,
      [
        'Traffic to the Services of this namespace bypasses L7 policies: waypoint "shop/waypoint" serves only workloads.',
      ],
    ],
    [
      'a namespace without a Service, with a waypoint for workloads and a policy at it',
      replaceIn(serving('workload'), ['kind: Service\n', 'kind: Secret\n']) + AT_WAYPOINT,
      [],
    ],
    [
      'a namespace with a waypoint for no traffic',
      serving('none'),
      ['No L7 policy is enforced in this namespace: waypoint "shop/waypoint" serves no traffic.'],
    ],
  ])('is checked on %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

it.each<[string, string, string, string]>([
  [
    'workloads but is used by a Service',
    serving('workload # for now', ON_SERVICE),
    'all',
    serving('all # for now', ON_SERVICE),
  ],
  [
    'Services but is used by a pod',
    serving('service # for now', ON_POD),
    'all',
    serving('all # for now', ON_POD),
  ],
  ['nothing, for a namespace', serving('none # for now'), 'service', serving('service # for now')],
])('offers a fix for a waypoint that serves %s', (_, text, value, golden) => {
  expectFixed(
    text,
    { rule, title: `Change istio.io/waypoint-for of "waypoint" to "${value}"` },
    golden,
  )
})

it('says on a pod without a Service that the label is for traffic to the pod', () => {
  const client = replaceIn(ON_POD, [/apiVersion: v1\nkind: Service\n[^]*?---\n/, ''])
  expect(found(client)).toEqual([
    'istio.io/use-waypoint concerns traffic to the pod, not from it, and has no effect: waypoint "shop/waypoint" serves only Services.',
  ])
  expectFixed(
    client,
    { rule, title: 'Remove istio.io/use-waypoint' },
    replaceIn(client, [`        ${OWN}\n`, '']),
  )
})
