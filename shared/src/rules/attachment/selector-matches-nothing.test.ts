import { expect, it } from 'vitest'
import {
  compareMarked,
  expectFixed,
  replaceAllIn,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { selectorMatchesNothing } from './selector-matches-nothing.js'
import { selectorMatchesNothingPage } from './selector-matches-nothing.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const rules = [selectorMatchesNothing.name]
const bad = withoutArrows(selectorMatchesNothingPage.bad)
const policy = (
  labels: string,
  kind = 'AuthorizationPolicy',
): string => `apiVersion: security.istio.io/v1
kind: ${kind}
metadata:
  name: p
  namespace: shop
spec:
  selector:
    matchLabels: ${labels}
`

it('marks the label that no workload has', () => {
  const { found, expected } = compareMarked(
    `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: p
  namespace: shop
spec:
  selector:
    matchLabels:
      app: aip
#          ^^^ selector-matches-nothing: This policy is not enforced: no workload in namespace "shop" has app: aip.
  mtls:
    mode: STRICT
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it('marks all labels if several are wrong, or no workload has all of them', () => {
  const other =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop, labels: {tier: back}}\n---\n'
  const column = (text: string): string[] =>
    compareMarked(text, { rules }).found.map(
      (line) => /matchLabels|:(\d+-\d+) /.exec(line)?.[1] ?? '',
    )
  expect(column(AMBIENT_SHOP + other + policy('{app: api, tier: back}'))).toEqual(['5-11'])
  expect(column(AMBIENT_SHOP + other + policy('{app: x, tier: z}'))).toEqual(['5-11'])
})

const POD = (labels: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: b, labels: ${labels}}\n`
const AT = 'networking.istio.io/v1'

it.each<[string, Files]>([
  ['a workload has the labels', { 'a.yaml': AMBIENT_SHOP + policy('{app: api}') }],
  ['the namespace is not in the files', { 'a.yaml': bad.slice(bad.indexOf('apiVersion: apps')) }],
  [
    'no workload of the namespace is in the files',
    { 'a.yaml': replaceIn(bad, [/apiVersion: apps[^]*?---\n/, '']) },
  ],
  [
    'a WorkloadEntry has the labels',
    {
      'a.yaml': `${bad}---
apiVersion: ${AT}
kind: WorkloadEntry
metadata: {name: w, namespace: shop}
spec: {labels: {app: apis}}
`,
    },
  ],
  [
    'a ServiceEntry has the labels',
    {
      'a.yaml': `${bad}---
apiVersion: ${AT}
kind: ServiceEntry
metadata: {name: w, namespace: shop, labels: {app: apis}}
spec: {hosts: [a]}
`,
    },
  ],
  [
    'an endpoint of a ServiceEntry has the labels',
    {
      'a.yaml': `${bad}---
apiVersion: ${AT}
kind: ServiceEntry
metadata: {name: w, namespace: shop}
spec: {hosts: [a], resolution: STATIC, endpoints: [{address: 192.0.2.1, labels: {app: apis}}]}
`,
    },
  ],
  [
    'a Gateway gives the labels to its pods',
    {
      'a.yaml': `${bad}---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: w, namespace: shop, labels: {app: apis}}
spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
`,
    },
  ],
  [
    'the selector has a gateway name',
    { 'a.yaml': AMBIENT_SHOP + policy('{gateway.networking.k8s.io/gateway-name: w}') },
  ],
  [
    'a workload without a namespace has the labels',
    { 'a.yaml': bad, 'b/b.yaml': POD('{app: apis}') },
  ],
  [
    'a template may render to a workload',
    {
      'a.yaml': bad,
      'b.yaml':
        '{{- if .Values.on }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\n{{- end }}\n',
    },
  ],
  [
    'a HelmRelease may add workloads',
    {
      'a.yaml': `${bad}---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: r, namespace: shop}
`,
    },
  ],
  [
    'a Rollout may add workloads',
    {
      'a.yaml': `${bad}---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: r\n  namespace: shop\n`,
    },
  ],
  [
    'machines may join with the labels',
    {
      'a.yaml': `${bad}---\napiVersion: ${AT}\nkind: WorkloadGroup\nmetadata: {name: vms, namespace: shop}\n`,
    },
  ],
  [
    'another tool fills in a label of a workload',
    {
      'a.yaml': `${bad}---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: shop, labels: {app: "\${APP}"}}
`,
    },
  ],
  ['another tool fills in the selector', { 'a.yaml': AMBIENT_SHOP + policy('{app: "${APP}"}') }],
  [
    'a pod has no labels, so that every policy applies to it',
    { 'a.yaml': `${bad}---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop}\n` },
  ],
  [
    'a kustomization adds labels',
    { 'a.yaml': bad, 'kustomization.yaml': 'resources: [a.yaml]\ncommonLabels:\n  app: apis\n' },
  ],
  [
    'a kustomization patches objects',
    {
      'a.yaml': bad,
      'kustomization.yaml':
        'resources: [a.yaml]\npatches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: add\n',
    },
  ],
  [
    'the policy is in the root namespace',
    { 'a.yaml': replaceAllIn(bad, [/\bshop\b/g, 'istio-system']) },
  ],
  [
    'the policy has targetRefs',
    {
      'a.yaml':
        AMBIENT_SHOP + policy('{app: x}\n  targetRefs: [{kind: Service, group: "", name: api}]'),
    },
  ],
])('reports nothing if %s', (_, files) => {
  expect(compareMarked(files, { rules }).found).toEqual([])
})

it('offers a fix to the most similar label', () => {
  expectFixed(
    bad,
    { rule: selectorMatchesNothing.name, title: 'Change to app=api' },
    replaceIn(bad, ['app: apis', 'app: api']),
  )
})
