import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { networkPolicyBlocksProbes } from './network-policy-blocks-probes.js'
import { networkPolicyBlocksProbesPage } from './network-policy-blocks-probes.page.js'

const { name } = networkPolicyBlocksProbes
const bad = withoutArrows(networkPolicyBlocksProbesPage.bad)
const { good } = networkPolicyBlocksProbesPage
const rules = [name]
const said = (text: string): string[] =>
  describeFindings(analyse(text))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*network-policy-blocks-probes: /, ''))
const policy = (policyName: string, spec: string): string =>
  '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n' +
  `metadata: {name: ${policyName}, namespace: shop}\nspec: ${spec}\n`
const MESSAGE =
  'Probes of workload "api" may fail: no NetworkPolicy allows their source address 169.254.7.127.'

it('marks the field that isolates the pods', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '  policyTypes:\n',
      `  policyTypes:\n# ^^^^^^^^^^^ network-policy-blocks-probes: ${MESSAGE}\n`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('reports once for several policies and probes', () => {
  expect(
    said(
      replaceIn(bad, [
        'readinessProbe',
        'livenessProbe: {tcpSocket: {port: 8080}}\n          readinessProbe',
      ]) + policy('second', '{podSelector: {}, policyTypes: [Ingress]}'),
    ),
  ).toEqual([MESSAGE])
})

it.each([
  [
    'allows the address only on another port',
    bad +
      policy(
        'p',
        '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 169.254.7.127/32}}], ports: [{port: 9090}]}]}',
      ),
  ],
  [
    'allows only pods',
    bad +
      policy(
        'p',
        '{podSelector: {}, ingress: [{from: [{podSelector: {}, namespaceSelector: {}}]}]}',
      ),
  ],
  [
    'allows the port only for IPv6',
    bad + policy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}'),
  ],
])('reports a policy that %s', (_, text) => {
  expect(said(text)).toEqual([MESSAGE])
})

const otherPolicy = (kind: string, namespace: string, spec: string): string =>
  `---\napiVersion: ${kind}\nmetadata: {name: other${namespace && `, namespace: ${namespace}`}}\nspec: ${spec}\n`
const CILIUM = 'cilium.io/v2\nkind: CiliumNetworkPolicy'
const CILIUM_WIDE = 'cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy'
const FROM_PROBES = 'ingress: [{fromCIDR: [169.254.7.127/32]}]'

it.each([
  ['applies to nodes', otherPolicy(CILIUM_WIDE, '', `{nodeSelector: {}, ${FROM_PROBES}}`)],
  [
    'is in another namespace',
    otherPolicy(CILIUM, 'other', `{endpointSelector: {}, ${FROM_PROBES}}`),
  ],
  [
    'cannot allow what NetworkPolicies deny',
    otherPolicy('policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy', '', '{}'),
  ],
])('reports the pods although a policy of another API %s', (_, text) => {
  expect(said(bad + text)).toEqual([MESSAGE])
})

describe('no finding', () => {
  it.each([
    [
      'a CiliumClusterwideNetworkPolicy can allow the address',
      bad + otherPolicy(CILIUM_WIDE, '', `{endpointSelector: {}, ${FROM_PROBES}}`),
    ],
    [
      'a CiliumNetworkPolicy of the namespace can allow the address',
      bad + otherPolicy(CILIUM, 'shop', `{endpointSelector: {}, ${FROM_PROBES}}`),
    ],
    [
      'a policy of Calico can allow the address',
      bad + otherPolicy('projectcalico.org/v3\nkind: NetworkPolicy', 'shop', '{selector: all()}'),
    ],
    [
      'a policy of all namespaces of Calico can allow the address',
      bad + otherPolicy('crd.projectcalico.org/v1\nkind: GlobalNetworkPolicy', '', '{}'),
    ],
    [
      'an AdminNetworkPolicy can allow the address',
      bad + otherPolicy('policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy', '', '{}'),
    ],
    [
      'only the install is ambient',
      `${replaceIn(bad, ['    istio.io/dataplane-mode: ambient\n', '    team: shop\n'])}---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: mesh, namespace: istio-system}
spec: {profile: ambient}
`,
    ],
    ['the address is allowed', good],
    [
      'every address is allowed',
      bad + policy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}'),
    ],
    [
      'every client is allowed on the port',
      bad +
        policy('p', '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}]}]}'),
    ],
    ['the pods have no probes', replaceIn(bad, [/ {10}readinessProbe:\n.*\n.*\n.*\n/, ''])],
    [
      'the probe runs in the container',
      replaceIn(bad, [/httpGet:\n.*\n.*\n/, 'exec: {command: [ready]}\n']),
    ],
    [
      'the pods are not captured',
      replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
    ],
    ['only egress is restricted', replaceIn(bad, ['- Ingress', '- Egress'])],
    [
      'an address is filled in',
      bad + policy('p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "${CIDR}"}}]}]}'),
    ],
  ])('is reported where %s', (_, text) => {
    expect(said(text)).toEqual([])
  })
})

it('resolves named ports', () => {
  const named = replaceIn(
    bad,
    ['              port: 8080', '              port: http'],
    [
      '            - containerPort: 8080',
      '            - containerPort: 8080\n              name: http',
    ],
  )
  expect(said(named)).toEqual([MESSAGE])
  expect(
    said(named + policy('p', '{podSelector: {}, ingress: [{ports: [{port: http}]}]}')),
  ).toEqual([])
})

it('offers to allow the address', () => {
  expectFixed(bad, { rule: name, title: 'Allow probes' }, good)
  expectFixed(
    bad,
    { rule: name, title: 'Allow probes over IPv4 and IPv6' },
    `${good}        - ipBlock:\n            cidr: fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128\n`,
  )
  expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([false, false])
})
