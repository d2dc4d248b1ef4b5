import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceAllIn,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { principalOutsideMesh } from './principal-outside-mesh.js'
import { principalOutsideMeshPage } from './principal-outside-mesh.page.js'

const { name } = principalOutsideMesh
const { good } = principalOutsideMeshPage
const bad = withoutArrows(principalOutsideMeshPage.bad)
const rules = [name]
const messages = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*principal-outside-mesh: /, ''))
const machines = (namespace: string): string => `---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: vms, namespace: ${namespace}}
spec: {template: {serviceAccount: web}}
`
const MESSAGE =
  'No client has this identity: workload "web" is outside the mesh and sends plaintext.'

it('marks the service account of workloads outside the mesh', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '["web/web"]\n',
      `["web/web"]\n#                             ^^^^^^^^^ principal-outside-mesh: ${MESSAGE}\n`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('an identity outside the mesh', () => {
  it.each([
    [
      'as a principal',
      replaceIn(bad, [
        'serviceAccounts: ["web/web"]',
        'principals: ["cluster.local/ns/web/sa/web"]',
      ]),
    ],
    [
      'as a principal of any trust domain',
      replaceIn(bad, ['serviceAccounts: ["web/web"]', 'principals: ["*/ns/web/sa/web"]']),
    ],
    ['in a DENY', replaceIn(bad, ['ALLOW', 'DENY'])],
    ['that is excluded', replaceIn(bad, ['serviceAccounts', 'notServiceAccounts'])],
    [
      'in a condition',
      replaceIn(bad, [
        /- from:[^]*$/,
        '- when:\n        - key: source.principal\n          values: ["cluster.local/ns/web/sa/web"]\n',
      ]),
    ],
    [
      'at a waypoint',
      replaceIn(bad, [
        /selector:\n {4}matchLabels:\n {6}app: api\n {2}action/,
        'targetRefs: [{kind: Service, group: "", name: api}]\n  action',
      ]),
    ],
    [
      "of the policy's own namespace",
      replaceIn(
        replaceAllIn(bad, [
          'namespace: shop\nspec:\n  selector:\n    matchLabels:\n      app: api\n  action',
          'namespace: web\nspec:\n  selector:\n    matchLabels:\n      app: api\n  action',
        ]),
        ['web/web"', 'web"'],
      ),
    ],
  ])('reports an identity %s', (_, text) => {
    expect(messages(text)).toEqual([MESSAGE])
  })

  const byNamespace = replaceIn(bad, ['serviceAccounts: ["web/web"]', 'namespaces: ["web"]'])
  const OF_NAMESPACE =
    'No client has an identity of this namespace: workload "web" is outside the mesh and sends plaintext.'

  it('reports a namespace', () => {
    expect(messages(byNamespace)).toEqual([OF_NAMESPACE])
    expect(messages(replaceIn(byNamespace, ['ALLOW', 'DENY']))).toEqual([OF_NAMESPACE])
  })

  it.each([
    [
      'in ambient mode',
      replaceIn(byNamespace, ['dataplane-mode: none', 'dataplane-mode: ambient']),
    ],
    [
      'that is not in the files',
      replaceIn(byNamespace, [
        /apiVersion: v1\nkind: Namespace\nmetadata:\n {2}name: web\n[^]*?---\n/,
        '',
      ]),
    ],
    [
      'without a workload in the files',
      replaceIn(byNamespace, [
        /apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: web\n[^]*?---\n/,
        '',
      ]),
    ],
    [
      'with a pod in ambient mode',
      replaceIn(byNamespace, [
        '        app: web\n    spec:',
        '        app: web\n        istio.io/dataplane-mode: ambient\n    spec:',
      ]),
    ],
    [
      'with a gateway',
      `${byNamespace}---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: door, namespace: web}\nspec: {gatewayClassName: istio, listeners: [{name: a, port: 80, protocol: HTTP}]}\n`,
    ],
    ['that machines may join', byNamespace + machines('web')],
    [
      'of its own',
      replaceIn(byNamespace, [
        'name: api-callers\n  namespace: shop',
        'name: api-callers\n  namespace: web',
      ]),
    ],
  ])('reports no namespace %s', (_, text) => {
    expect(text).not.toBe(byNamespace)
    expect(messages(text)).toEqual([])
  })

  it('is reported if machines join another namespace', () => {
    expect(messages(bad + machines('shop'))).toEqual([MESSAGE])
    expect(messages(byNamespace + machines('shop'))).toEqual([OF_NAMESPACE])
  })

  it('names two workloads with the service account', () => {
    expect(
      messages(
        `${bad}---
apiVersion: v1
kind: Pod
metadata: {name: second, namespace: web}
spec: {serviceAccountName: web}
`,
      ),
    ).toEqual([
      'No client has this identity: workloads "web" and "second" are outside the mesh and send plaintext.',
    ])
  })
})

it.each([
  ['the workloads are in ambient mode', good],
  [
    'one of two workloads is in ambient mode',
    `${bad}---
apiVersion: v1
kind: Pod
metadata: {name: second, namespace: web, labels: {istio.io/dataplane-mode: ambient}}
spec: {serviceAccountName: web}
`,
  ],
  [
    'the workloads have sidecars',
    replaceIn(bad, ['istio.io/dataplane-mode: none', 'istio-injection: enabled']),
  ],
  [
    'no workload has the service account',
    replaceIn(bad, ['serviceAccountName: web', 'serviceAccountName: other']),
  ],
  [
    'it is not known whether the namespace is in ambient mode',
    replaceIn(bad, [/apiVersion: v1\nkind: Namespace\nmetadata:\n {2}name: web[^]*?---\n/, '']),
  ],
  [
    'a gateway has the service account',
    `${bad}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: web, namespace: web, annotations: {gateway.istio.io/service-account: web}}
spec: {gatewayClassName: istio, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
`,
  ],
  [
    'the workloads are gateways',
    replaceIn(bad, ['        app: web\n', '        istio: ingressgateway\n']),
  ],
  [
    'a WorkloadEntry has the service account',
    `${bad}---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm, namespace: web}
spec: {address: 10.0.0.1, serviceAccount: web}
`,
  ],
  ['machines may join with the service account', bad + machines('web')],
  [
    'the principal is a pattern',
    replaceIn(bad, ['serviceAccounts: ["web/web"]', 'principals: ["cluster.local/ns/web/*"]']),
  ],
  [
    'the policy is a dry run',
    replaceIn(bad, [
      'name: api-callers\n',
      'name: api-callers\n  annotations: {istio.io/dry-run: "true"}\n',
    ]),
  ],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

it('offers a fix that adds the namespace or the pods to ambient mode', () => {
  expectFixed(bad, { rule: name, title: 'Add namespace "web" to ambient mode' }, good)
  const labelled = replaceIn(good, [
    '        app: web\n',
    '        app: web\n        istio.io/dataplane-mode: none\n',
  ])
  expectFixed(
    labelled,
    { rule: name, title: 'Add the workload to ambient mode' },
    replaceIn(labelled, [
      '        istio.io/dataplane-mode: none',
      '        istio.io/dataplane-mode: ambient',
    ]),
  )
})

it('has a message of at most 140 characters with long names', () => {
  for (const { message } of findingsOf(
    analyse(replaceAllIn(bad, ['name: web\n', `name: ${'x'.repeat(63)}\n`])),
  ))
    expect(message.length).toBeLessThanOrEqual(140)
})
