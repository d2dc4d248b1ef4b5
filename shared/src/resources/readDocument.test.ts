import { expect, it } from 'vitest'
import { readYaml, resourceOf, resourcesOf } from '../testing/index.js'
import type { Resource } from './resource.js'

const HEAD = 'metadata:\n  name: x\n  namespace: shop\n'

it.each<[string, string, Resource['type'], object]>([
  ['v1', 'Namespace', 'Namespace', { namespace: '', namespaceSource: 'cluster' }],
  ['v1', 'Service', 'Service', { namespace: 'shop' }],
  ['v1', 'ServiceAccount', 'ServiceAccount', {}],
  ['v1', 'Pod', 'Pod', { templatePath: [] }],
  ['apps/v1', 'Deployment', 'Deployment', { templatePath: ['spec', 'template'] }],
  ['extensions/v1beta1', 'Deployment', 'Deployment', {}],
  ['batch/v1', 'CronJob', 'CronJob', { templatePath: ['spec', 'jobTemplate', 'spec', 'template'] }],
  ['gateway.networking.k8s.io/v1', 'Gateway', 'Gateway', {}],
  ['networking.istio.io/v1', 'Gateway', 'Gateway.networking.istio.io', {}],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute', 'HTTPRoute', {}],
  ['networking.istio.io/v1beta1', 'ServiceEntry', 'ServiceEntry', {}],
  ['networking.istio.io/v1', 'WorkloadEntry', 'WorkloadEntry', {}],
  ['networking.istio.io/v1', 'VirtualService', 'VirtualService', {}],
  ['security.istio.io/v1', 'AuthorizationPolicy', 'AuthorizationPolicy', {}],
  ['security.istio.io/v1beta1', 'PeerAuthentication', 'PeerAuthentication', {}],
  ['security.istio.io/v1', 'RequestAuthentication', 'RequestAuthentication', {}],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'NetworkPolicy', {}],
  ['networking.k8s.io/v1', 'Ingress', 'Ingress', { namespace: 'shop' }],
  ['extensions/v1beta1', 'Ingress', 'Ingress', {}],
  [
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
    { namespace: '', services: [] },
  ],
  [
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    { namespace: '' },
  ],
  ['apiregistration.k8s.io/v1', 'APIService', 'APIService', { namespace: '' }],
  [
    'extensions.istio.io/v1alpha1',
    'WasmPlugin',
    'WasmPlugin',
    { selector: undefined, targetRefs: [] },
  ],
  ['telemetry.istio.io/v1', 'Telemetry', 'Telemetry', { selector: undefined, targetRefs: [] }],
  ['install.istio.io/v1alpha1', 'IstioOperator', 'MeshConfig', {}],
  ['sailoperator.io/v1', 'Istio', 'MeshConfig', {}],
  ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'Other', { creates: { namespace: 'shop' } }],
  ['argoproj.io/v1alpha1', 'Application', 'Other', { creates: 'anywhere' }],
  ['argoproj.io/v1alpha1', 'Rollout', 'Other', { creates: { namespace: 'shop' } }],
  ['serving.knative.dev/v1', 'Service', 'Other', { creates: { namespace: 'shop' } }],
])('an object of %s %s is read', (apiVersion, kind, type, expected) => {
  const found = resourcesOf(`apiVersion: ${apiVersion}\nkind: ${kind}\n${HEAD}`)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ type, name: 'x', apiVersion, ...expected })
})

it.each([
  [
    'crd',
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\nspec: {names: {kind: Pod}}\n',
  ],
  ['another Gateway', 'apiVersion: networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: x}\n'],
  [
    'a harmless custom resource',
    'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x}\n',
  ],
  ['no apiVersion', 'kind: Pod\nmetadata: {name: x}\n'],
  ['values', 'image: x\nserviceAccount: {create: true}\n'],
  [
    'a kustomization',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n',
  ],
  [
    'a ConfigMap with a manifest',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: |\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: y}\n',
  ],
  ['broken text that is no object', 'kind: [\n'],
  ['JSON with comments', '// c\n{ "kind": "x", // d\n  "a": 1 }\n'],
])('%s has no object', (_, text) => {
  const [document] = readYaml(text)
  expect(document).toMatchObject({
    resources: [],
    problems: [],
    debris: [],
    opaqueKind: undefined,
  })
})

it('the namespace of a custom resource is read from its metadata only', () => {
  const creates = (text: string): unknown =>
    resourcesOf(`apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n${text}`).map(
      (resource) => resource.type === 'Other' && resource.creates,
    )
  expect(
    creates('metadata:\n  labels:\n    namespace: no\n  namespace: "shop" # c\n  name: x\n'),
  ).toEqual([{ namespace: 'shop' }])
  expect(
    creates(
      'spec:\n  namespace: no\nmetadata:\n# c\n\n    # d\n    name: x\n    namespace: shop\n',
    ),
  ).toEqual([{ namespace: 'shop' }])
  for (const unknown of [
    'metadata: {name: x, namespace: shop}\n',
    'metadata:\n  name: x\n',
    'metadata:\n  namespace: ${NS}\n',
    'metadata:\n  namespace: {{ .ns }}\n',
    'spec:\n  namespace: no\n',
  ]) {
    expect(creates(unknown)).toEqual(['anywhere'])
  }
})

it('the items of a list are read', () => {
  const text =
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n- {apiVersion: v1, kind: Service, metadata: {name: c}}\n'
  expect(resourcesOf(text).map(({ type, name, origin }) => [type, name, origin.ordinal])).toEqual([
    ['Pod', 'a', 0],
    ['Service', 'c', 1],
  ])
  expect(
    resourcesOf(
      'apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n',
    ),
  ).toHaveLength(1)
})

it('JSON is read', () => {
  expect(
    resourcesOf('{"apiVersion":"v1","kind":"Pod",\n"metadata":{"name":"a","labels":{"app":"b"}}}'),
  ).toMatchObject([{ type: 'Pod', name: 'a', labels: { app: 'b' } }])
})

it('only the kind of a template is read', () => {
  const [document] = readYaml(
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n`,
  )
  expect(document).toMatchObject({ resources: [], problems: [], opaqueKind: 'Service' })
})

it('only the kind of an object is read if its name is a placeholder', () => {
  for (const name of ['${NAME}', '"{{ .x }}"', '$NAME', '"###NAME###"']) {
    expect(readYaml(`apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`)).toMatchObject([
      { resources: [], opaqueKind: 'Service' },
    ])
  }
})

it('only the kind of an object is read if lines that another tool fills in make it invalid', () => {
  const gateway = (line: string): string =>
    `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: g\nspec:\n  ${line}\n  listeners: []\n`
  expect(readYaml(gateway('${ADDRESSES}'))).toMatchObject([
    { resources: [], problems: [], opaqueKind: 'Gateway' },
  ])
  const [broken] = readYaml(gateway('${ADDRESSES}\n  a: b: c'))
  expect(broken?.opaqueKind).toBeUndefined()
  expect(broken?.problems).not.toEqual([])
})

it('the paths of placeholders are known', () => {
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n    app: ${APP}\nspec:\n  hostNetwork: "{{ .host }}"\n'
  expect(resourcesOf(text)).toMatchObject([
    {
      placeholders: [
        ['metadata', 'labels', 'app'],
        ['spec', 'hostNetwork'],
      ],
      problems: [],
    },
  ])
})

it('a placeholder may stand for a mapping or a list', () => {
  const text =
    'apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: "${LABELS}"}\nspec:\n  selector: "${SELECTOR}"\n  ports: "${PORTS}"\n'
  expect(resourcesOf(text)).toMatchObject([
    {
      placeholders: [
        ['metadata', 'labels'],
        ['spec', 'selector'],
        ['spec', 'ports'],
      ],
      problems: [],
    },
  ])
})

it('a field of the wrong type is a problem, and the other fields are read', () => {
  const policy = resourceOf(
    'AuthorizationPolicy',
    `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n${HEAD}spec:\n  action: [ALLOW]\n  selector:\n    matchLabels: {app: x}\n`,
  )
  expect(policy.problems.map(({ path }) => path)).toEqual([['spec', 'action']])
  expect(policy.selector?.matchLabels).toEqual({ app: 'x' })
})

it('a null field is read as absent', () => {
  const policy = resourceOf(
    'AuthorizationPolicy',
    `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n${HEAD}spec:\n  selector:\n  rules:\n`,
  )
  expect(policy).toMatchObject({ selector: undefined, rules: [] })
})

it('invalid YAML of a kind that is read is a problem', () => {
  const [document] = readYaml('apiVersion: v1\nkind: Service\nmetadata: {name: x\n')
  expect(document?.problems.length).toBeGreaterThan(0)
})

it('an object in a file with a line left over from a heredoc is read', () => {
  const [document] = readYaml(`apiVersion: v1\nkind: Service\n${HEAD}EOF\n`)
  expect(document).toMatchObject({ problems: [], resources: [{ name: 'x' }] })
  expect(document?.debris).toHaveLength(1)
})
