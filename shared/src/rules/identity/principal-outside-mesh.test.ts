import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  type Files,
} from '../../testing/index.js'
import { principalOutsideMesh } from './principal-outside-mesh.js'
import { principalOutsideMeshPage } from './principal-outside-mesh.page.js'

const { name } = principalOutsideMesh
const { bad, good } = principalOutsideMeshPage
const rules = [name]
const said = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*principal-outside-mesh: /, ''))
const MESSAGE =
  '"web/web" never connects with this identity: workload "web" is outside the mesh and arrives without one.'

it('marks the account', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '["web/web"]\n',
      `["web/web"]\n#                             ^^^^^^^^^ principal-outside-mesh: ${MESSAGE}\n`,
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('an identity', () => {
  it.each([
    [
      'as a principal',
      bad.replace('serviceAccounts: ["web/web"]', 'principals: ["cluster.local/ns/web/sa/web"]'),
    ],
    [
      'as a principal of any trust domain',
      bad.replace('serviceAccounts: ["web/web"]', 'principals: ["*/ns/web/sa/web"]'),
    ],
    ['in a DENY', bad.replace('ALLOW', 'DENY')],
    ['as an exception', bad.replace('serviceAccounts', 'notServiceAccounts')],
    [
      'in a condition',
      bad.replace(
        /- from:[^]*$/,
        '- when:\n        - key: source.principal\n          values: ["cluster.local/ns/web/sa/web"]\n',
      ),
    ],
    [
      'at a waypoint',
      bad.replace(
        /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
        'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
      ),
    ],
    [
      "of the policy's own namespace",
      bad
        .replaceAll(
          'namespace: shop\nspec:\n  selector:\n    matchLabels:\n      app: api\n  action',
          'namespace: web\nspec:\n  selector:\n    matchLabels:\n      app: api\n  action',
        )
        .replace('web/web"', 'web"'),
    ],
  ])('%s', (_, text) => {
    expect(said(text)).toEqual([MESSAGE])
  })

  it('counts workloads', () => {
    expect(
      said(
        `${bad}---\napiVersion: v1\nkind: Pod\nmetadata: {name: second, namespace: web}\nspec: {serviceAccountName: web}\n`,
      ),
    ).toEqual([
      '"web/web" never connects with this identity: workloads "web" and "second" are outside the mesh and arrive without one.',
    ])
  })
})

it.each([
  ['the account has workloads in ambient', good],
  [
    'it has some',
    `${bad}---\napiVersion: v1\nkind: Pod\nmetadata: {name: second, namespace: web, labels: {istio.io/dataplane-mode: ambient}}\nspec: {serviceAccountName: web}\n`,
  ],
  ['they have sidecars', bad.replace('istio.io/dataplane-mode: none', 'istio-injection: enabled')],
  ['no workload has it', bad.replace('serviceAccountName: web', 'serviceAccountName: other')],
  [
    'the enrolment is unknown',
    bad.replace(/apiVersion: v1\nkind: Namespace\nmetadata:\n {2}name: web[^]*?---\n/, ''),
  ],
  [
    "it is a gateway's",
    `${bad}---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: web, namespace: web, annotations: {gateway.istio.io/service-account: web}}\nspec: {gatewayClassName: istio}\n`,
  ],
  ['they are gateway pods', bad.replace('        app: web\n', '        istio: ingressgateway\n')],
  [
    'it runs on a machine',
    `${bad}---\napiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: vm, namespace: web}\nspec: {address: 10.0.0.1, serviceAccount: web}\n`,
  ],
  [
    'the principal is a pattern',
    bad.replace('serviceAccounts: ["web/web"]', 'principals: ["cluster.local/ns/web/*"]'),
  ],
  [
    'the policy is a dry run',
    bad.replace(
      'name: api-callers\n',
      'name: api-callers\n  annotations: {istio.io/dry-run: "true"}\n',
    ),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('is fixed by taking the namespace, or the pods, into ambient', () => {
  expectFixed(bad, { rule: name, title: 'Take namespace "web" into ambient' }, good)
  const labelled = good.replace(
    '        app: web\n',
    '        app: web\n        istio.io/dataplane-mode: none\n',
  )
  expectFixed(
    labelled,
    { rule: name, title: 'Take the workload into ambient' },
    labelled.replace(
      '        istio.io/dataplane-mode: none',
      '        istio.io/dataplane-mode: ambient',
    ),
  )
})

it('fits whatever the names are', () => {
  for (const { message } of findingsOf(
    analyse(bad.replaceAll('name: web\n', `name: ${'x'.repeat(63)}\n`)),
  ))
    expect(message.length).toBeLessThanOrEqual(140)
})
