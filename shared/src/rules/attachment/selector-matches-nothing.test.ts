import { expect, it } from 'vitest'
import { compareMarked, expectFixed, type Files } from '../../testing/index.js'
import { selectorMatchesNothing } from './selector-matches-nothing.js'
import { selectorMatchesNothingPage } from './selector-matches-nothing.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const rules = [selectorMatchesNothing.name]
const { bad } = selectorMatchesNothingPage
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

it('marks the label that nothing has', () => {
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
#          ^^^ selector-matches-nothing: No workload of namespace "shop" has app: aip: this policy is enforced nowhere.
  mtls:
    mode: STRICT
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

it('marks the labels where each is there but not together, or several are missing', () => {
  const other =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop, labels: {tier: back}}\n---\n'
  const column = (text: string): string[] =>
    compareMarked(text, { rules }).found.map(
      (line) => /matchLabels|:(\d+-\d+) /.exec(line)?.[1] ?? '',
    )
  expect(column(AMBIENT_SHOP + other + policy('{app: api, tier: back}'))).toEqual(['5-11'])
  expect(column(AMBIENT_SHOP + other + policy('{app: x, tier: y}'))).toEqual(['5-11'])
})

const POD = (labels: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: b, labels: ${labels}}\n`
const AT = 'networking.istio.io/v1'

it.each<[string, Files]>([
  ['a workload has the labels', { 'a.yaml': AMBIENT_SHOP + policy('{app: api}') }],
  ['the namespace is not in the files', { 'a.yaml': bad.slice(bad.indexOf('apiVersion: apps')) }],
  [
    'no workload of the namespace is in the files',
    { 'a.yaml': bad.replace(/apiVersion: apps[^]*?---\n/, '') },
  ],
  [
    'a WorkloadEntry has the labels',
    {
      'a.yaml': `${bad}---\napiVersion: ${AT}\nkind: WorkloadEntry\nmetadata: {name: w, namespace: shop}\nspec: {labels: {app: apis}}\n`,
    },
  ],
  [
    'a ServiceEntry has the labels',
    {
      'a.yaml': `${bad}---\napiVersion: ${AT}\nkind: ServiceEntry\nmetadata: {name: w, namespace: shop, labels: {app: apis}}\nspec: {hosts: [a]}\n`,
    },
  ],
  [
    'an endpoint of a ServiceEntry has the labels',
    {
      'a.yaml': `${bad}---\napiVersion: ${AT}\nkind: ServiceEntry\nmetadata: {name: w, namespace: shop}\nspec: {hosts: [a], endpoints: [{labels: {app: apis}}]}\n`,
    },
  ],
  [
    'a Gateway gives the labels to its pods',
    {
      'a.yaml': `${bad}---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: w, namespace: shop, labels: {app: apis}}\nspec: {gatewayClassName: istio}\n`,
    },
  ],
  [
    'a gateway is selected by name',
    { 'a.yaml': AMBIENT_SHOP + policy('{gateway.networking.k8s.io/gateway-name: w}') },
  ],
  [
    'a workload without a namespace has the labels',
    { 'a.yaml': bad, 'b/b.yaml': POD('{app: apis}') },
  ],
  [
    'a workload is a template',
    {
      'a.yaml': bad,
      'b.yaml':
        '{{- if .Values.on }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\n{{- end }}\n',
    },
  ],
  [
    'a release may bring workloads',
    {
      'a.yaml': `${bad}---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r, namespace: shop}\n`,
    },
  ],
  [
    'a Rollout may bring them',
    {
      'a.yaml': `${bad}---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: r\n  namespace: shop\n`,
    },
  ],
  [
    'a label of a workload is filled in by another tool',
    {
      'a.yaml': `${bad}---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop, labels: {app: "\${APP}"}}\n`,
    },
  ],
  [
    'the selector is filled in by another tool',
    { 'a.yaml': AMBIENT_SHOP + policy('{app: "${APP}"}') },
  ],
  [
    'a pod without labels gets every policy',
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
    'the policy is of the root namespace',
    { 'a.yaml': bad.replaceAll(/\bshop\b/g, 'istio-system') },
  ],
  [
    'the policy goes by targetRefs',
    {
      'a.yaml':
        AMBIENT_SHOP + policy('{app: x}\n  targetRefs: [{kind: Service, group: "", name: api}]'),
    },
  ],
])('is silent where %s', (_, files) => {
  expect(compareMarked(files, { rules }).found).toEqual([])
})

it('offers the value that was probably meant', () => {
  expectFixed(
    bad,
    { rule: selectorMatchesNothing.name, title: 'Change to app=api' },
    bad.replace('app: apis', 'app: api'),
  )
})
