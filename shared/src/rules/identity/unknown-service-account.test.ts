import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  type AnalyseOptions,
} from '../../testing/index.js'
import { policyText } from '../support/examples.js'
import { unknownServiceAccount } from './unknown-service-account.js'

const rule = unknownServiceAccount.name
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n'
const account = (name: string, namespace = 'shop'): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}, namespace: ${namespace}}\n`
const policy = (value: string, field = 'serviceAccounts', namespace = 'payments'): string =>
  policyText('p', `rules:\n- from:\n  - source:\n      ${field}: ["${value}"]`, namespace)

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, assumptions }) => `${message}${assumptions.length > 0 ? ' (assumed)' : ''}`)
}
const MISTYPED =
  'There is no service account "chekout" in namespace "shop", but "checkout": this value matches nobody. (assumed)'

it('marks the value', () => {
  const { found: marked, expected } = compareMarked(
    `${NAMESPACE}---
${account('checkout')}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: payments}
spec:
  rules:
  - from:
    - source:
        serviceAccounts: ["payments/x", "shop/chekout"]
#                                       ^^^^^^^^^^^^^^ unknown-service-account: There is no service account "chekout" in namespace "shop", but "checkout": this value matches nobody.
    when:
    - key: source.principal
      notValues:
      - cluster.local/ns/shop/sa/checkot # nobody
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-service-account: There is no service account "checkot" in namespace "shop", but "checkout": this value matches nobody.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('what exists', () => {
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop}\nspec: {serviceAccountName: checkout, containers: []}\n'
  const gateway =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: checkout, namespace: shop}\nspec: {gatewayClassName: istio-waypoint, listeners: []}\n'
  it.each<[string, readonly string[], readonly string[], AnalyseOptions]>([
    ['a ServiceAccount', [NAMESPACE, account('checkout'), policy('shop/chekout')], [MISTYPED], {}],
    ['the account of a pod', [NAMESPACE, pod, policy('shop/chekout')], [MISTYPED], {}],
    ['the account of a waypoint', [NAMESPACE, gateway, policy('shop/chekout')], [MISTYPED], {}],
    [
      "in the policy's own namespace",
      [NAMESPACE, account('checkout'), policy('chekout', 'serviceAccounts', 'shop')],
      [MISTYPED],
      {},
    ],
    [
      'the account that is named',
      [NAMESPACE, account('checkout'), account('chekout'), policy('shop/chekout')],
      [],
      {},
    ],
    ['one of another name', [NAMESPACE, account('catalog'), policy('shop/chekout')], [], {}],
    [
      'one of another number',
      [NAMESPACE, account('checkout-1'), policy('shop/checkout-2')],
      [],
      {},
    ],
    [
      'one of another namespace',
      [NAMESPACE, account('checkout', 'web'), policy('shop/chekout')],
      [],
      {},
    ],
    ['the default account', [NAMESPACE, account('defaults'), policy('shop/default')], [], {}],
    [
      'one in a namespace that nobody names',
      [
        NAMESPACE,
        account('checkout'),
        account('chekout').replace(', namespace: shop', ''),
        policy('shop/chekout'),
      ],
      [],
      {},
    ],
    [
      'one of a pod in a namespace that nobody names',
      [
        NAMESPACE,
        account('checkout'),
        pod.replace(', namespace: shop', '').replace('checkout', 'chekout'),
        policy('shop/chekout'),
      ],
      [],
      {},
    ],
    [
      'one whose name another tool fills in',
      [NAMESPACE, account('checkout'), account('"${NAME}"'), policy('shop/chekout')],
      [],
      {},
    ],
    ['one in a namespace that is not here', [account('checkout'), policy('shop/chekout')], [], {}],
    [
      'one in a namespace that is not here, where the files are the whole mesh',
      [account('checkout'), policy('shop/chekout')],
      [MISTYPED.replace(' (assumed)', '')],
      { world: 'closed' },
    ],
    [
      'what a release brings',
      [
        NAMESPACE,
        account('checkout'),
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: more, namespace: shop}\n',
        policy('shop/chekout'),
      ],
      [],
      {},
    ],
    [
      'what a template brings',
      [
        NAMESPACE,
        account('checkout'),
        '{{- if .Values.sa }}\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n{{- end }}\n',
        policy('shop/chekout'),
      ],
      [],
      {},
    ],
  ])('%s', (_, documents, expected, options) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

it('says where unnamed things lie together', () => {
  const unnamed = [
    account('checkout').replace(', namespace: shop', ''),
    policy('chekout').replace('  namespace: payments\n', ''),
  ]
  expect(found(unnamed)).toEqual([
    'There is no service account "chekout" in the namespace it is applied to, but "checkout": this value matches nobody. (assumed)',
  ])
})

it.each([
  ['serviceAccounts', 'shop/chekout', 'shop/checkout'],
  ['principals', '*/ns/shop/sa/chekout', '*/ns/shop/sa/checkout'],
])('corrects the name in %s', (field, before, after) => {
  const text = (value: string): string =>
    [NAMESPACE, account('checkout'), policy(value, field)].join('---\n')
  expectFixed(text(before), { rule, title: `Change to "${after}"` }, text(after))
})
