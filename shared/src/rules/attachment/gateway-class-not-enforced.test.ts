import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { policyText } from '../support/examples.js'
import { gatewayClassNotEnforced } from './gateway-class-not-enforced.js'

const rule = gatewayClassNotEnforced.name
const classRef = (name: string): string =>
  `- kind: GatewayClass\n  group: gateway.networking.k8s.io\n  name: ${name}\n`
const targeting = (refs: string, namespace = 'istio-system'): string =>
  policyText('p', `targetRefs:\n${refs}rules:\n- {}`, namespace)
const gatewayClass = (name: string, controller: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: ${name}
spec:
  controllerName: ${controller}
`

function found(text: string, options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(text, options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const notEnforced = (name: string): string =>
  `error: This policy is not enforced for class "${name}": waypoints require the class "istio-waypoint".`

it('marks the name of a class that waypoints ignore', () => {
  const { found: marked, expected } =
    compareMarked(`${gatewayClass('corp', 'istio.io/mesh-controller')}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: istio-system
spec:
  targetRefs:
  - kind: GatewayClass
    group: gateway.networking.k8s.io
    name: corp # ours
#         ^^^^ gateway-class-not-enforced: This policy is not enforced for class "corp": waypoints require the class "istio-waypoint". Its status still says Accepted.
  rules:
  - {}
`)
  expect(marked).toEqual(expected)
})

it.each<[string, string, AnalyseOptions, readonly string[]]>([
  ['no policy for the class istio-waypoint', targeting(classRef('istio-waypoint')), {}, []],
  [
    'a policy for a class of ingress gateways',
    targeting(classRef('istio')),
    {},
    [notEnforced('istio')],
  ],
  [
    'a policy for a class that is not in the files',
    targeting(classRef('corp')),
    {},
    [notEnforced('corp')],
  ],
  [
    'a policy for a class of another controller',
    `${targeting(classRef('corp'))}---\n${gatewayClass('corp', 'example.com/x')}`,
    {},
    [notEnforced('corp')],
  ],
  ['no policy for a misspelt class', targeting(classRef('istio-waypont')), {}, []],
  [
    'no policy for a class that does not exist',
    targeting(classRef('corp')),
    { world: 'closed' },
    [],
  ],
  ['no policy outside the root namespace', targeting(classRef('corp'), 'shop'), {}, []],
  ['no policy whose class another tool fills in', targeting(classRef('"${CLASS}"')), {}, []],
  [
    'a policy for the class istio-waypoint in a release that does not support it',
    targeting(classRef('istio-waypoint')),
    { settings: { istioVersion: '1.24' } },
    [
      'error: The API server rejects this policy: Istio 1.24 does not support a GatewayClass as target.',
    ],
  ],
])('reports %s', (_, text, options, expected) => {
  expect(found(text, options)).toEqual(expected)
})

it('has a message of at most 140 characters with a long name', () => {
  const [message = ''] = found(
    `${targeting(classRef('a-class-with-a-very-long-name-of-its-own'))}---
${gatewayClass('a-class-with-a-very-long-name-of-its-own', 'istio.io/mesh-controller')}`,
  )
  expect(message.length).toBeLessThanOrEqual('error: '.length + 140)
})

it('offers a fix to the class istio-waypoint', () => {
  expectFixed(
    targeting(classRef('corp # ours')),
    { rule, title: 'Change to "istio-waypoint"' },
    targeting(classRef('istio-waypoint # ours')),
  )
})

it('offers no fix if the class istio-waypoint is already a target', () => {
  expect(
    findingsOf(analyse(targeting(classRef('corp') + classRef('istio-waypoint')))).flatMap(
      ({ fixes }) => fixes,
    ),
  ).toEqual([])
})
