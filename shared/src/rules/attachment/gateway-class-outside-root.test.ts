import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
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
  `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: ${name}
spec:
  meshConfig:
    rootNamespace: ${root}
`

function found(text: string, options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(text, options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}

it('marks the kind GatewayClass of both kinds of policies', () => {
  const { found: marked, expected } = compareMarked(`apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - kind: GatewayClass
#         ^^^^^^^^^^^^ gateway-class-outside-root: This policy is not enforced: only policies in the root namespace "istio-system" can target a GatewayClass.
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
#         ^^^^^^^^^^^^ gateway-class-outside-root: This policy is not enforced: only policies in the root namespace "istio-system" can target a GatewayClass.
    group: gateway.networking.k8s.io
    name: corp
`)
  expect(marked).toEqual(expected)
})

it.each<[string, string, AnalyseOptions]>([
  ['in the root namespace', targeting(CLASS, 'istio-system'), {}],
  [
    'in the root namespace of the MeshConfig',
    `${targeting(CLASS, 'mesh-root')}---\n${install('mesh-root')}`,
    {},
  ],
  [
    'in the root namespace of the settings',
    targeting(CLASS, 'mesh-root'),
    { settings: { rootNamespace: 'mesh-root' } },
  ],
  ['without a namespace', replaceIn(targeting(), ['  namespace: shop\n', '']), {}],
  [
    'beside MeshConfigs with different root namespaces',
    [targeting(), install('one'), install('two', 'other')].join('---\n'),
    {},
  ],
  [
    'beside a root namespace that another tool fills in',
    `${targeting()}---\n${install('"${ROOT}"')}`,
    {},
  ],
  [
    'for a class of another group, which the API server rejects',
    targeting('- kind: GatewayClass\n  group: networking.k8s.io\n  name: istio-waypoint\n'),
    {},
  ],
])('reports no policy %s', (_, text, options) => {
  expect(found(text, options)).toEqual([])
})

it('reports a policy in istio-system if the root namespace is another one', () => {
  expect(found(`${targeting(CLASS, 'istio-system')}---\n${install('mesh-root')}`)).toEqual([
    'error: This policy is not enforced: only policies in the root namespace "mesh-root" can target a GatewayClass.',
  ])
})

it('offers a fix that targets the waypoint of the namespace', () => {
  const gateway = '- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\n'
  expectFixed(
    `${SHOP}---\n${targeting()}`,
    { rule, title: 'Target the waypoint "waypoint" instead' },
    `${SHOP}---\n${targeting(gateway)}`,
  )
})

it('offers a fix that moves the policy to the root namespace', () => {
  expectFixed(
    targeting(),
    { rule, title: 'Move the policy to namespace "istio-system"' },
    targeting(CLASS, 'istio-system'),
  )
})

it.each([
  [
    'it has another target in its namespace',
    targeting(`${CLASS}- kind: Service\n  group: ""\n  name: api\n`),
  ],
  ['it names service accounts of its namespace', targeting(CLASS, 'shop', 'web')],
  [
    'the root namespace has a policy with its name',
    `${targeting()}---\n${targeting(CLASS, 'istio-system')}`,
  ],
])('offers no fix that moves the policy if %s', (_, text) => {
  expect(
    findingsOf(analyse(text))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes),
  ).toEqual([])
})
