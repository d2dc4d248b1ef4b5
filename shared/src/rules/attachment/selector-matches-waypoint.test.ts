import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
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
const NOWHERE =
  'The selector matches the pods of waypoint "shop/waypoint" only, and waypoints obey targetRefs: this policy is enforced nowhere.'

it('marks the selector', () => {
  const { found: marked, expected } = compareMarked(`${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  selector:
# ^^^^^^^^ selector-matches-waypoint: The selector matches the pods of waypoint "shop/waypoint" only, and waypoints obey targetRefs: this policy is enforced nowhere.
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

describe('what is selected', () => {
  const pod = (labels: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: other, namespace: shop, labels: {${labels}}}\n`
  const ingress = (labels = ''): string =>
    `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: public, namespace: shop, labels: {${labels}}}\nspec: {gatewayClassName: istio, listeners: []}\n`
  it.each<[string, readonly string[], readonly string[], AnalyseOptions]>([
    ['the waypoint by its name', [SHOP, selecting(BY_NAME)], [NOWHERE], {}],
    ['the waypoint by a label', [SHOP, selecting(BY_LABEL)], [NOWHERE], {}],
    [
      'the same, where the files do not show all',
      [SHOP.slice(NAMESPACE.length), selecting(BY_LABEL)],
      [`${NOWHERE} (assumed)`],
      {},
    ],
    [
      'the waypoint by its name, where the files do not show all',
      [SHOP.slice(NAMESPACE.length), selecting(BY_NAME)],
      [NOWHERE],
      {},
    ],
    ['from the root namespace', [SHOP, selecting(BY_NAME, 'istio-system')], [NOWHERE], {}],
    ['from another namespace', [SHOP, selecting(BY_NAME, 'web')], [], {}],
    ['a workload too', [SHOP, pod(BY_LABEL), selecting(BY_LABEL)], [], {}],
    [
      "the waypoint's own pod, shown",
      [SHOP, pod(`${BY_LABEL}, ${BY_NAME}`), selecting(BY_LABEL)],
      [NOWHERE],
      {},
    ],
    ['an ingress gateway too', [SHOP, ingress(BY_LABEL), selecting(BY_LABEL)], [], {}],
    [
      'an ingress gateway',
      [SHOP, ingress(), selecting('gateway.networking.k8s.io/gateway-name: public')],
      [],
      {},
    ],
    [
      'a gateway that is not here',
      [SHOP, selecting('gateway.networking.k8s.io/gateway-name: other')],
      [],
      {},
    ],
    [
      'what infrastructure labels hide',
      [
        SHOP.replace(
          'spec:\n  gatewayClassName: istio-waypoint\n',
          'spec:\n  infrastructure: {labels: {a: b}}\n  gatewayClassName: istio-waypoint\n',
        ),
        selecting(BY_LABEL),
      ],
      [],
      {},
    ],
    [
      'what another tool fills in',
      [SHOP, selecting('gateway.networking.k8s.io/gateway-name: "${NAME}"')],
      [],
      {},
    ],
    [
      'the waypoint, where the flag lets it obey',
      [SHOP, selecting(BY_NAME)],
      [],
      { settings: { flags: { ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: true } } },
    ],
    ['the workloads', [SHOP, selecting('app: api')], [], {}],
  ])('%s', (_, documents, expected, options) => {
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
  it('targets the waypoint', () => {
    expectFixed(
      text(`selector: # the proxy\n  matchLabels:\n    ${BY_NAME}`),
      { rule, title: 'Target the waypoint "waypoint" instead' },
      text('targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint'),
    )
  })

  it.each([
    ['the policy lies elsewhere', selecting(BY_NAME, 'istio-system')],
    [
      'it speaks of addresses, which waypoints do not see',
      selecting(BY_NAME, 'shop', 'rules:\n- from:\n  - source: {ipBlocks: [10.0.0.0/8]}'),
    ],
  ])('is not offered where %s', (_, policy) => {
    expect(found([SHOP, policy])).toEqual([NOWHERE])
    expect(
      findingsOf(analyse([SHOP, policy].join('---\n')))
        .filter((finding) => finding.rule === rule)
        .flatMap(({ fixes }) => fixes),
    ).toEqual([])
  })
})
