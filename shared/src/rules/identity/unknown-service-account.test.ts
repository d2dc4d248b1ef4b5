import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
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
  'Unknown service account "chekout" in namespace "shop": this value never matches. Did you mean "checkout"? (assumed)'

it('marks the value with an unknown service account', () => {
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
#                                       ^^^^^^^^^^^^^^ unknown-service-account: Unknown service account "chekout" in namespace "shop": this value never matches. Did you mean "checkout"?
    when:
    - key: source.principal
      notValues:
      - cluster.local/ns/shop/sa/checkot # typing mistake
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-service-account: Unknown service account "checkot" in namespace "shop": this value never matches. Did you mean "checkout"?
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the service accounts that exist', () => {
  const pod = `apiVersion: v1
kind: Pod
metadata: {name: x, namespace: shop}
spec: {serviceAccountName: checkout, containers: []}
`
  const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: checkout, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`
  it.each<[string, readonly string[], readonly string[], AnalyseOptions]>([
    ['a ServiceAccount', [NAMESPACE, account('checkout'), policy('shop/chekout')], [MISTYPED], {}],
    ['the account of a pod', [NAMESPACE, pod, policy('shop/chekout')], [MISTYPED], {}],
    ['the account of a waypoint', [NAMESPACE, gateway, policy('shop/chekout')], [MISTYPED], {}],
    [
      "an account of the policy's own namespace",
      [NAMESPACE, account('checkout'), policy('chekout', 'serviceAccounts', 'shop')],
      [MISTYPED],
      {},
    ],
    [
      'the account itself',
      [NAMESPACE, account('checkout'), account('chekout'), policy('shop/chekout')],
      [],
      {},
    ],
    [
      'an account with a different name',
      [NAMESPACE, account('catalog'), policy('shop/chekout')],
      [],
      {},
    ],
    [
      'an account with another number',
      [NAMESPACE, account('checkout-1'), policy('shop/checkout-2')],
      [],
      {},
    ],
    [
      'an account of another namespace',
      [NAMESPACE, account('checkout', 'web'), policy('shop/chekout')],
      [],
      {},
    ],
    ['the default account', [NAMESPACE, account('defaults'), policy('shop/default')], [], {}],
    [
      'the account without a namespace',
      [
        NAMESPACE,
        account('checkout'),
        replaceIn(account('chekout'), [', namespace: shop', '']),
        policy('shop/chekout'),
      ],
      [],
      {},
    ],
    [
      'the account of a pod without a namespace',
      [
        NAMESPACE,
        account('checkout'),
        replaceIn(pod, [', namespace: shop', ''], ['checkout', 'chekout']),
        policy('shop/chekout'),
      ],
      [],
      {},
    ],
    [
      'an account whose name another tool fills in',
      [NAMESPACE, account('checkout'), account('"${NAME}"'), policy('shop/chekout')],
      [],
      {},
    ],
    [
      'an account in a namespace that is not in the files',
      [account('checkout'), policy('shop/chekout')],
      [],
      {},
    ],
    [
      'an account in a namespace that is not in the files, if the files are the whole mesh',
      [account('checkout'), policy('shop/chekout')],
      [replaceIn(MISTYPED, [' (assumed)', ''])],
      { world: 'closed' },
    ],
    [
      'a HelmRelease in the namespace',
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
      'a template of a ServiceAccount',
      [
        NAMESPACE,
        account('checkout'),
        '{{- if .Values.sa }}\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n{{- end }}\n',
        policy('shop/chekout'),
      ],
      [],
      {},
    ],
  ])('an unknown service account beside %s', (_, documents, expected, options) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

it('reports an unknown service account of objects without a namespace', () => {
  const unnamed = [
    replaceIn(account('checkout'), [', namespace: shop', '']),
    replaceIn(policy('chekout'), ['  namespace: payments\n', '']),
  ]
  expect(found(unnamed)).toEqual([
    'Unknown service account "chekout" in the namespace it is applied to: ' +
      'this value never matches. Did you mean "checkout"? (assumed)',
  ])
})

it.each([
  ['serviceAccounts', 'shop/chekout', 'shop/checkout'],
  ['principals', '*/ns/shop/sa/chekout', '*/ns/shop/sa/checkout'],
])('offers a fix that corrects the service account in %s', (field, before, after) => {
  const text = (value: string): string =>
    [NAMESPACE, account('checkout'), policy(value, field)].join('---\n')
  expectFixed(text(before), { rule, title: `Change to "${after}"` }, text(after))
})

it.each<[string, string, string | undefined]>([
  ['orders', 'shop/orders-sa', 'orders'],
  ['orders-service-account', 'shop/orders', 'orders-service-account'],
  ['pay', 'shop/pya', 'pay'],
  ['pay', 'shop/pat', undefined],
  ['orders', 'shop/billing-sa', undefined],
])('beside the account %s, %s means %s', (existing, value, expected) => {
  const messages = found([NAMESPACE, account(existing), policy(value)])
  expect(messages.map((message) => /mean "(.*)"/.exec(message)?.[1])).toEqual(
    expected === undefined ? [] : [expected],
  )
})
