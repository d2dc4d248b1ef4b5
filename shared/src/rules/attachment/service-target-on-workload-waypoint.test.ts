import { expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { policyText, SHOP, withServiceLabel } from '../support/examples.js'
import { serviceTargetOnWorkloadWaypoint } from './service-target-on-workload-waypoint.js'

const rule = serviceTargetOnWorkloadWaypoint.name
const shop = (serves: string): string =>
  SHOP.replace('waypoint-for: service', `waypoint-for: ${serves}`)
const TARGETS_API = '- kind: Service\n  group: ""\n  name: api\n'
const TARGETS_WAYPOINT = '- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\n'
const targeting = (refs = TARGETS_API): string =>
  policyText('p', `targetRefs:\n${refs}rules:\n- to:\n  - operation:\n      methods: [GET]`)
const ENTRY =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\n  namespace: shop\nspec:\n  hosts: [api.payments.example]\n'

function found(text: string): string[] {
  return findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}

it('marks the name', () => {
  const { found: marked, expected } = compareMarked(`${shop('workload')}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    name: api
#         ^^^ service-target-on-workload-waypoint: Waypoint "shop/waypoint" serves workloads only: this policy for Service "api" is enforced nowhere.
  rules:
  - to:
    - operation:
        methods: ["GET"]
`)
  expect(marked).toEqual(expected)
})

it.each<[string, string, readonly string[]]>([
  [
    'a ServiceEntry',
    [
      shop('workload'),
      ENTRY,
      targeting('- kind: ServiceEntry\n  group: networking.istio.io\n  name: payments\n'),
    ].join('---\n'),
    [
      'error: Waypoint "shop/waypoint" serves workloads only: this policy for ServiceEntry "payments" is enforced nowhere.',
    ],
  ],
  [
    'a Service that chooses the waypoint itself',
    [withServiceLabel(shop('workload'), 'istio.io/use-waypoint: waypoint'), targeting()].join(
      '---\n',
    ),
    [
      'error: Waypoint "shop/waypoint" serves workloads only: this policy for Service "api" is enforced nowhere.',
    ],
  ],
  ['a waypoint for everything', [shop('all'), targeting()].join('---\n'), []],
  ['a waypoint for nothing, which is wrong itself', [shop('none'), targeting()].join('---\n'), []],
  [
    'a Service that opts out, which is not bound',
    [withServiceLabel(shop('workload'), 'istio.io/use-waypoint: none'), targeting()].join('---\n'),
    [],
  ],
  ['the Gateway', [shop('workload'), targeting(TARGETS_WAYPOINT)].join('---\n'), []],
  [
    'a Service of a namespace whose labels are unknown',
    [shop('workload').slice(SHOP.indexOf('---') + 4), targeting()].join('---\n'),
    [],
  ],
])('%s', (_, text, expected) => {
  expect(found(text)).toEqual(expected)
})

it('lets the waypoint serve Services', () => {
  expectFixed(
    `${shop('workload')}---\n${targeting()}`,
    { rule, title: 'Change istio.io/waypoint-for to "all"' },
    `${shop('all')}---\n${targeting()}`,
  )
})

it('targets the waypoint', () => {
  expectFixed(
    `${shop('workload')}---\n${targeting()}`,
    { rule, title: 'Target the waypoint "waypoint" instead' },
    `${shop('workload')}---\n${targeting(TARGETS_WAYPOINT.replace('gateway.networking.k8s.io', '"gateway.networking.k8s.io"'))}`,
  )
})
