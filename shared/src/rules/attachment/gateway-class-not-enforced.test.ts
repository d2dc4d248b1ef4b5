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
  `apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: ${name}\nspec:\n  controllerName: ${controller}\n`

function found(text: string, options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(text, options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const nowhere = (name: string, accepted = ''): string =>
  `error: Waypoints obey policies for class "istio-waypoint" only: for class "${name}" this one is enforced nowhere${accepted}.`

it('marks the name', () => {
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
#         ^^^^ gateway-class-not-enforced: Waypoints obey policies for class "istio-waypoint" only: for class "corp" this one is enforced nowhere, though its status says Accepted.
  rules:
  - {}
`)
  expect(marked).toEqual(expected)
})

it.each<[string, string, AnalyseOptions, readonly string[]]>([
  ['the class itself', targeting(classRef('istio-waypoint')), {}, []],
  ['a class of ingress gateways', targeting(classRef('istio')), {}, [nowhere('istio')]],
  ['a class that the files do not show', targeting(classRef('corp')), {}, [nowhere('corp')]],
  [
    'a class of another controller',
    `${targeting(classRef('corp'))}---\n${gatewayClass('corp', 'example.com/x')}`,
    {},
    [nowhere('corp')],
  ],
  ['a near miss, which is not found', targeting(classRef('istio-waypont')), {}, []],
  ['a class that is not there', targeting(classRef('corp')), { world: 'closed' }, []],
  ['a policy outside of the root namespace', targeting(classRef('corp'), 'shop'), {}, []],
  ['a name that another tool fills in', targeting(classRef('"${CLASS}"')), {}, []],
  [
    'the class itself, in a release without such targets',
    targeting(classRef('istio-waypoint')),
    { settings: { istioVersion: '1.24' } },
    [
      'error: Istio 1.24 has no policies for a GatewayClass: the API server rejects this one, so it is enforced nowhere.',
    ],
  ],
])('%s', (_, text, options, expected) => {
  expect(found(text, options)).toEqual(expected)
})

it('keeps the message short', () => {
  const [message = ''] = found(
    `${targeting(classRef('a-class-with-a-very-long-name-of-its-own'))}---\n${gatewayClass('a-class-with-a-very-long-name-of-its-own', 'istio.io/mesh-controller')}`,
  )
  expect(message.length).toBeLessThanOrEqual('error: '.length + 140)
})

it('targets the class that is obeyed', () => {
  expectFixed(
    targeting(classRef('corp # ours')),
    { rule, title: 'Change to "istio-waypoint"' },
    targeting(classRef('istio-waypoint # ours')),
  )
})

it('offers nothing where that class is a target already', () => {
  expect(
    findingsOf(analyse(targeting(classRef('corp') + classRef('istio-waypoint')))).flatMap(
      ({ fixes }) => fixes,
    ),
  ).toEqual([])
})
