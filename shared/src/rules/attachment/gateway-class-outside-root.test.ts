import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { policyText, SHOP } from '../support/examples.js'
import { gatewayClassOutsideRoot } from './gateway-class-outside-root.js'

const rule = gatewayClassOutsideRoot.name
const CLASS = '- kind: GatewayClass\n  group: gateway.networking.k8s.io\n  name: istio-waypoint\n'
const targeting = (refs = CLASS, namespace = 'shop', source = 'shop/web'): string =>
  policyText(
    'p',
    `targetRefs:\n${refs}rules:\n- from:\n  - source:\n      serviceAccounts: ["${source}"]`,
    namespace,
  )
const install = (root: string, name = 'mesh'): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: ${name}\nspec:\n  meshConfig:\n    rootNamespace: ${root}\n`

function found(text: string, options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(text, options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}

it('marks the kind, on both kinds of policy', () => {
  const { found: marked, expected } = compareMarked(`apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - kind: GatewayClass
#         ^^^^^^^^^^^^ gateway-class-outside-root: Only policies in the root namespace "istio-system" can target a GatewayClass: this policy is enforced nowhere for it.
    group: gateway.networking.k8s.io
    name: istio-waypoint
  rules:
  - {}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - kind: GatewayClass
#         ^^^^^^^^^^^^ gateway-class-outside-root: Only policies in the root namespace "istio-system" can target a GatewayClass: this policy is enforced nowhere for it.
    group: gateway.networking.k8s.io
    name: corp
`)
  expect(marked).toEqual(expected)
})

it.each<[string, string, AnalyseOptions]>([
  ['the root namespace', targeting(CLASS, 'istio-system'), {}],
  [
    'the root namespace of the install',
    `${targeting(CLASS, 'mesh-root')}---\n${install('mesh-root')}`,
    {},
  ],
  [
    'the root namespace of the settings',
    targeting(CLASS, 'mesh-root'),
    { settings: { rootNamespace: 'mesh-root' } },
  ],
  ['a namespace that nobody names', targeting().replace('  namespace: shop\n', ''), {}],
  [
    'installs that disagree',
    [targeting(), install('one'), install('two', 'other')].join('---\n'),
    {},
  ],
  ['a root namespace that another tool fills in', `${targeting()}---\n${install('"${ROOT}"')}`, {}],
  [
    'a class of another group, refused anyway',
    targeting('- kind: GatewayClass\n  group: networking.k8s.io\n  name: istio-waypoint\n'),
    {},
  ],
])('says nothing of %s', (_, text, options) => {
  expect(found(text, options)).toEqual([])
})

it('counts istio-system as any other where the install has another root', () => {
  expect(found(`${targeting(CLASS, 'istio-system')}---\n${install('mesh-root')}`)).toEqual([
    'error: Only policies in the root namespace "mesh-root" can target a GatewayClass: this policy is enforced nowhere for it.',
  ])
})

it('targets the waypoint of the namespace', () => {
  const gateway = '- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\n'
  expectFixed(
    `${SHOP}---\n${targeting()}`,
    { rule, title: 'Target the waypoint "waypoint" instead' },
    `${SHOP}---\n${targeting(gateway)}`,
  )
})

it('moves the policy', () => {
  expectFixed(
    targeting(),
    { rule, title: 'Move the policy to namespace "istio-system"' },
    targeting(CLASS, 'istio-system'),
  )
})

it.each([
  [
    'another target is of the namespace',
    targeting(`${CLASS}- kind: Service\n  group: ""\n  name: api\n`),
  ],
  ['it names accounts of its namespace', targeting(CLASS, 'shop', 'web')],
  ['there is a policy of its name', `${targeting()}---\n${targeting(CLASS, 'istio-system')}`],
])('does not move it where %s', (_, text) => {
  expect(
    findingsOf(analyse(text))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes),
  ).toEqual([])
})
