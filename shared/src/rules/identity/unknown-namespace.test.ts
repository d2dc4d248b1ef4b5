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
import { unknownNamespace } from './unknown-namespace.js'

const rule = unknownNamespace.name
const namespace = (name: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: "${name}"}\n`
const policy = (value: string, field = 'namespaces', own = 'payments'): string =>
  policyText('p', `rules:\n- from:\n  - source:\n      ${field}: [${value}]`, own)

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, assumptions }) => `${message}${assumptions.length > 0 ? ' (assumed)' : ''}`)
}
const MISTYPED =
  'Unknown namespace "chekout": this value never matches. Did you mean "checkout"? (assumed)'

it('marks the value with an unknown namespace', () => {
  const { found: marked, expected } = compareMarked(
    `${namespace('checkout')}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: payments}
spec:
  rules:
  - from:
    - source:
        namespaces: ["web", "chekout"]
#                           ^^^^^^^^^ unknown-namespace: Unknown namespace "chekout": this value never matches. Did you mean "checkout"?
    - source:
        notServiceAccounts: ["chekout/web"]
#                            ^^^^^^^^^^^^^ unknown-namespace: Unknown namespace "chekout": this value never matches. Did you mean "checkout"?
    when:
    - key: source.principal
      values: [cluster.local/ns/chekout/sa/web]
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-namespace: Unknown namespace "chekout": this value never matches. Did you mean "checkout"?
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the namespaces that exist', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: chekout}\nspec: {ports: []}\n'
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: chekout}\nspec: {containers: []}\n'
  it.each<[string, readonly string[], readonly string[], AnalyseOptions]>([
    ['a Namespace', [namespace('checkout'), policy('chekout')], [MISTYPED], {}],
    [
      'a Namespace, and the files are the whole mesh',
      [namespace('checkout'), policy('chekout')],
      [replaceIn(MISTYPED, [' (assumed)', ''])],
      { world: 'closed' },
    ],
    ['both namespaces', [namespace('checkout'), namespace('chekout'), policy('chekout')], [], {}],
    ['a Namespace with a different name', [namespace('catalog'), policy('chekout')], [], {}],
    [
      'a Namespace that differs in one letter of a short word',
      [namespace('team-a'), policy('team-b')],
      [],
      {},
    ],
    ['a Service in it', [namespace('checkout'), service, policy('chekout')], [], {}],
    ['a pod in it', [namespace('checkout'), pod, policy('chekout')], [], {}],
    [
      'the policy itself in it',
      [namespace('checkout'), policy('chekout', 'namespaces', 'chekout')],
      [],
      {},
    ],
    ['a policy that names both', [namespace('checkout'), policy('chekout, checkout')], [], {}],
    ['a pattern', [namespace('checkout'), policy('"chekout*"')], [], {}],
    ['the root namespace', [namespace('istio-systems'), policy('istio-system')], [], {}],
    ['the default namespace', [namespace('defaults'), policy('default')], [], {}],
    ["a namespace of Istio's charts", [namespace('istio-egress'), policy('istio-ingress')], [], {}],
    [
      'a namespace of another release',
      [
        namespace('checkout'),
        `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: x, namespace: flux}
spec: {targetNamespace: chekout}
`,
        policy('chekout'),
      ],
      [],
      {},
    ],
    [
      'a template of a Namespace',
      [
        namespace('checkout'),
        '{{- if .Values.ns }}\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n{{- end }}\n',
        policy('chekout'),
      ],
      [],
      {},
    ],
    [
      'service accounts without a namespace',
      [namespace('checkout'), policy('chekout', 'serviceAccounts')],
      [],
      {},
    ],
  ])('an unknown namespace beside %s', (_, documents, expected, options) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

it.each([
  ['namespaces', 'chekout', 'checkout'],
  ['serviceAccounts', 'chekout/web', 'checkout/web'],
  ['principals', 'cluster.local/ns/chekout/sa/web', 'cluster.local/ns/checkout/sa/web'],
])('offers a fix that corrects the namespace in %s', (field, before, after) => {
  const text = (value: string): string =>
    [namespace('checkout'), policy(value, field)].join('---\n')
  expectFixed(text(before), { rule, title: `Change to "${after}"` }, text(after))
})
