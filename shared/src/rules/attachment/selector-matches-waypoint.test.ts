import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { selectorMatchesWaypoint } from './selector-matches-waypoint.js'

const rule = selectorMatchesWaypoint.name
const selecting = (labels: string, namespace = 'shop', rules = 'rules:\n- {}'): string =>
  policyText('p', `selector:\n  matchLabels: {${labels}}\n${rules}`, namespace)
const BY_NAME = 'gateway.networking.k8s.io/gateway-name: waypoint'
const BY_LABEL = 'istio.io/waypoint-for: service'
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---') + 4)

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, assumptions }) => `${message}${assumptions.length > 0 ? ' (assumed)' : ''}`)
}
const NOT_ENFORCED =
  'This policy is not enforced: it selects only pods of waypoint "shop/waypoint", and waypoints require targetRefs.'

it('marks a selector that matches only pods of a waypoint', () => {
  const { found: marked, expected } = compareMarked(`${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  selector:
# ^^^^^^^^ selector-matches-waypoint: This policy is not enforced: it selects only pods of waypoint "shop/waypoint", and waypoints require targetRefs.
    matchLabels:
      gateway.networking.k8s.io/gateway-name: waypoint
  action: DENY
  rules:
  - to:
    - operation:
        methods: ["GET"]
`)
  expect(marked).toEqual(expected)
})

describe('the selected pods', () => {
  const pod = (labels: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: other, namespace: shop, labels: {${labels}}}\n`
  const ingress = (labels = ''): string =>
    `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop, labels: {${labels}}}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
`
  it.each<[string, readonly string[], readonly string[], AnalyseOptions]>([
    ['the waypoint by its name', [SHOP, selecting(BY_NAME)], [NOT_ENFORCED], {}],
    ['the waypoint by a label', [SHOP, selecting(BY_LABEL)], [NOT_ENFORCED], {}],
    [
      'the waypoint by a label, if the files do not show every workload',
      [SHOP.slice(NAMESPACE.length), selecting(BY_LABEL)],
      [`${NOT_ENFORCED} (assumed)`],
      {},
    ],
    [
      'the waypoint by its name, if the files do not show every workload',
      [SHOP.slice(NAMESPACE.length), selecting(BY_NAME)],
      [NOT_ENFORCED],
      {},
    ],
    [
      'the waypoint from the root namespace',
      [SHOP, selecting(BY_NAME, 'istio-system')],
      [NOT_ENFORCED],
      {},
    ],
    ['a waypoint of another namespace', [SHOP, selecting(BY_NAME, 'web')], [], {}],
    ['the waypoint and a workload', [SHOP, pod(BY_LABEL), selecting(BY_LABEL)], [], {}],
    [
      'the waypoint, with its pod in the files',
      [SHOP, pod(`${BY_LABEL}, ${BY_NAME}`), selecting(BY_LABEL)],
      [NOT_ENFORCED],
      {},
    ],
    ['the waypoint and an ingress gateway', [SHOP, ingress(BY_LABEL), selecting(BY_LABEL)], [], {}],
    [
      'an ingress gateway',
      [SHOP, ingress(), selecting('gateway.networking.k8s.io/gateway-name: public')],
      [],
      {},
    ],
    [
      'a gateway that is not in the files',
      [SHOP, selecting('gateway.networking.k8s.io/gateway-name: other')],
      [],
      {},
    ],
    [
      'the label of a waypoint with other infrastructure labels',
      [
        replaceIn(SHOP, [
          'spec:\n  gatewayClassName: istio-waypoint\n',
          'spec:\n  infrastructure: {labels: {a: b}}\n  gatewayClassName: istio-waypoint\n',
        ]),
        selecting(BY_LABEL),
      ],
      [],
      {},
    ],
    [
      'a name that another tool fills in',
      [SHOP, selecting('gateway.networking.k8s.io/gateway-name: "${NAME}"')],
      [],
      {},
    ],
    [
      'the waypoint, with the flag for policies at the waypoint',
      [SHOP, selecting(BY_NAME)],
      [],
      { settings: { flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true } } },
    ],
    ['only workloads', [SHOP, selecting('app: api')], [], {}],
  ])('a selector for %s', (_, documents, expected, options) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

describe('the fix', () => {
  const text = (attachment: string): string =>
    [
      SHOP,
      COMPANION,
      policyText('p', `${attachment}\nrules:\n- to:\n  - operation:\n      methods: [GET]`),
    ].join('---\n')
  it('offers a fix that targets the waypoint', () => {
    expectFixed(
      text(`selector: # the proxy\n  matchLabels:\n    ${BY_NAME}`),
      { rule, title: 'Target the waypoint "waypoint" instead' },
      text('targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint'),
    )
  })

  it.each([
    ['the policy is in another namespace', selecting(BY_NAME, 'istio-system')],
    [
      'it has IP addresses, which waypoints cannot match',
      selecting(BY_NAME, 'shop', 'rules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}'),
    ],
  ])('offers no fix if %s', (_, policy) => {
    expect(found([SHOP, policy])).toEqual([NOT_ENFORCED])
    expect(
      findingsOf(analyse([SHOP, policy].join('---\n')))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes),
    ).toEqual([])
  })
})
