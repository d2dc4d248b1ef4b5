import { expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { policyText, SHOP, withServiceLabel } from '../support/examples.js'
import { serviceTargetOnWorkloadWaypoint } from './service-target-on-workload-waypoint.js'

const rule = serviceTargetOnWorkloadWaypoint.name
const shop = (serves: string): string =>
  replaceIn(SHOP, ['waypoint-for: service', `waypoint-for: ${serves}`])
const TARGETS_API = '- kind: Service\n  group: ""\n  name: api\n'
const TARGETS_WAYPOINT = '- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\n'
const targeting = (refs = TARGETS_API): string =>
  policyText('p', `targetRefs:\n${refs}rules:\n- to:\n  - operation:\n      methods: [GET]`)
const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: [api.payments.example]
`

function found(text: string): string[] {
  return findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}

it('marks the name of a Service whose waypoint serves only workloads', () => {
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
#         ^^^ service-target-on-workload-waypoint: This policy is not enforced for Service "api": waypoint "shop/waypoint" serves only workloads.
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
      'error: This policy is not enforced for ServiceEntry "payments": waypoint "shop/waypoint" serves only workloads.',
    ],
  ],
  [
    'a Service with its own label for the waypoint',
    [withServiceLabel(shop('workload'), 'istio.io/use-waypoint: waypoint'), targeting()].join(
      '---\n',
    ),
    [
      'error: This policy is not enforced for Service "api": waypoint "shop/waypoint" serves only workloads.',
    ],
  ],
  ['no Service of a waypoint for all traffic', [shop('all'), targeting()].join('---\n'), []],
  ['no Service of a waypoint for no traffic', [shop('none'), targeting()].join('---\n'), []],
  [
    'no Service that opts out of the waypoint',
    [withServiceLabel(shop('workload'), 'istio.io/use-waypoint: none'), targeting()].join('---\n'),
    [],
  ],
  ['no Gateway', [shop('workload'), targeting(TARGETS_WAYPOINT)].join('---\n'), []],
  [
    'no Service of a namespace that is not in the files',
    [shop('workload').slice(SHOP.indexOf('---') + 4), targeting()].join('---\n'),
    [],
  ],
])('reports %s as target', (_, text, expected) => {
  expect(found(text)).toEqual(expected)
})

it('offers a fix that changes the waypoint to all traffic', () => {
  expectFixed(
    `${shop('workload')}---\n${targeting()}`,
    { rule, title: 'Change istio.io/waypoint-for of "waypoint" to "all"' },
    `${shop('all')}---\n${targeting()}`,
  )
})

it('offers a fix that targets the waypoint if no pods of the Service are in the files', () => {
  const withoutPods = replaceIn(shop('workload'), ['  selector:\n    app: api\n  ports', '  ports'])
  expectFixed(
    `${withoutPods}---\n${targeting()}`,
    { rule, title: 'Target the waypoint "waypoint" instead' },
    `${withoutPods}---
${targeting(replaceIn(TARGETS_WAYPOINT, ['gateway.networking.k8s.io', '"gateway.networking.k8s.io"']))}`,
  )
})

it('offers no fix that leaves the requests to the Service without the waypoint', () => {
  const [finding] = findingsOf(analyse(`${shop('workload')}---\n${targeting()}`)).filter(
    (each) => each.rule === rule,
  )
  expect(finding?.fixes.map(({ title }) => title)).toEqual([
    'Change istio.io/waypoint-for of "waypoint" to "all"',
  ])
})
