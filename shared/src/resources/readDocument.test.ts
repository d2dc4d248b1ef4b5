import { describe, expect, it } from 'vitest'
import { readYaml, resourceOf, resourcesOf } from '../testing/index.js'
import type { Resource } from './resource.js'

const HEAD = 'metadata:\n  name: x\n  namespace: shop\n'

describe('kinds', () => {
  it.each<[string, string, Resource['type'], object]>([
    ['v1', 'Namespace', 'Namespace', { namespace: '', namespaceSource: 'cluster' }],
    ['v1', 'Service', 'Service', { namespace: 'shop' }],
    ['v1', 'ServiceAccount', 'ServiceAccount', {}],
    ['v1', 'Pod', 'Pod', { templatePath: [] }],
    ['apps/v1', 'Deployment', 'Deployment', { templatePath: ['spec', 'template'] }],
    ['extensions/v1beta1', 'Deployment', 'Deployment', {}],
    [
      'batch/v1',
      'CronJob',
      'CronJob',
      { templatePath: ['spec', 'jobTemplate', 'spec', 'template'] },
    ],
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
    ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'Other', { fills: 'shop' }],
    ['argoproj.io/v1alpha1', 'Application', 'Other', { fills: undefined }],
    ['argoproj.io/v1alpha1', 'Rollout', 'Other', { fills: 'shop' }],
    ['serving.knative.dev/v1', 'Service', 'Other', { fills: 'shop' }],
  ])('%s %s', (apiVersion, kind, type, expected) => {
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
  ])('%s is nothing', (_, text) => {
    const [document] = readYaml(text)
    expect(document).toMatchObject({
      resources: [],
      problems: [],
      debris: [],
      opaqueKind: undefined,
    })
  })

  it('reads the namespace of a custom resource from its metadata alone', () => {
    const fills = (text: string): unknown =>
      resourcesOf(`apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n${text}`).map(
        (resource) => resource.type === 'Other' && resource.fills,
      )
    expect(
      fills('metadata:\n  labels:\n    namespace: no\n  namespace: "shop" # c\n  name: x\n'),
    ).toEqual(['shop'])
    expect(
      fills(
        'spec:\n  namespace: no\nmetadata:\n# c\n\n    # d\n    name: x\n    namespace: shop\n',
      ),
    ).toEqual(['shop'])
    for (const unknown of [
      'metadata: {name: x, namespace: shop}\n',
      'metadata:\n  name: x\n',
      'metadata:\n  namespace: ${NS}\n',
      'metadata:\n  namespace: {{ .ns }}\n',
      'spec:\n  namespace: no\n',
    ]) {
      expect(fills(unknown)).toEqual([undefined])
    }
  })

  it('reads the items of lists', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n- {apiVersion: v1, kind: Service, metadata: {name: c}}\n'
    expect(resourcesOf(text).map(({ type, name, origin }) => [type, name, origin.ordinal])).toEqual(
      [
        ['Pod', 'a', 0],
        ['Service', 'c', 1],
      ],
    )
    expect(
      resourcesOf(
        'apiVersion: v1\nkind: PodList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n',
      ),
    ).toHaveLength(1)
  })

  it('reads JSON', () => {
    expect(
      resourcesOf(
        '{"apiVersion":"v1","kind":"Pod",\n"metadata":{"name":"a","labels":{"app":"b"}}}',
      ),
    ).toMatchObject([{ type: 'Pod', name: 'a', labels: { app: 'b' } }])
  })
})

describe('what cannot be known', () => {
  it('a template gives its kind alone', () => {
    const [document] = readYaml(
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n`,
    )
    expect(document).toMatchObject({ resources: [], problems: [], opaqueKind: 'Service' })
  })

  it('an object whose name is filled in gives its kind alone', () => {
    for (const name of ['${NAME}', '"{{ .x }}"', '$NAME', '"###NAME###"']) {
      expect(readYaml(`apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`)).toMatchObject(
        [{ resources: [], opaqueKind: 'Service' }],
      )
    }
  })

  it('a value that is filled in is named', () => {
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

  it('stands for a mapping or a list at its own path, however deep', () => {
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

  it('a field of the wrong type is a problem, and the rest stays', () => {
    const policy = resourceOf(
      'AuthorizationPolicy',
      `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n${HEAD}spec:\n  action: [ALLOW]\n  selector:\n    matchLabels: {app: x}\n`,
    )
    expect(policy.problems.map(({ path }) => path)).toEqual([['spec', 'action']])
    expect(policy.selector?.matchLabels).toEqual({ app: 'x' })
  })

  it('takes null as absent', () => {
    const policy = resourceOf(
      'AuthorizationPolicy',
      `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n${HEAD}spec:\n  selector:\n  rules:\n`,
    )
    expect(policy).toMatchObject({ selector: undefined, rules: [] })
  })

  it('broken YAML of a read kind is a problem', () => {
    const [document] = readYaml('apiVersion: v1\nkind: Service\nmetadata: {name: x\n')
    expect(document?.problems.length).toBeGreaterThan(0)
  })

  it('here-document debris is told and read around', () => {
    const [document] = readYaml(`apiVersion: v1\nkind: Service\n${HEAD}EOF\n`)
    expect(document).toMatchObject({ problems: [], resources: [{ name: 'x' }] })
    expect(document?.debris).toHaveLength(1)
  })
})

describe('settings in files', () => {
  it.each([
    [
      'the ConfigMap istio',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    trustDomain: td\n    rootNamespace: root\n',
      'cm.yaml',
      { meshConfig: { trustDomain: 'td', rootNamespace: 'root' } },
    ],
    [
      'an IstioOperator',
      'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  profile: ambient\n  meshConfig:\n    trustDomain: td\n  components:\n    pilot:\n      k8s:\n        env: [{name: PILOT_ENABLE_AMBIENT, value: "true"}]\n',
      'a.yaml',
      {
        meshConfig: { trustDomain: 'td' },
        profile: 'ambient',
        flags: { PILOT_ENABLE_AMBIENT: 'true' },
      },
    ],
    [
      'a sail Istio',
      'apiVersion: sailoperator.io/v1\nkind: Istio\nspec:\n  version: v1.27.1\n  values:\n    meshConfig:\n      discoverySelectors:\n      - matchLabels: {a: b}\n',
      'a.yaml',
      {
        istioVersion: 'v1.27.1',
        meshConfig: { discoverySelectors: [{ matchLabels: { a: 'b' } }] },
      },
    ],
    [
      'values of istiod',
      'meshConfig:\n  trustDomain: td\npilot:\n  env:\n    X: "true"\ncni:\n  excludeNamespaces: [a]\n',
      'values.yaml',
      { meshConfig: { trustDomain: 'td' }, flags: { X: 'true' }, cniExcludeNamespaces: ['a'] },
    ],
    [
      'values under a subchart key',
      'istiod:\n  meshConfig:\n    trustDomain: td\n',
      'prod-values.yaml',
      { meshConfig: { trustDomain: 'td' } },
    ],
  ])('%s', (_, text, file, expected) => {
    expect(resourcesOf(text, file)).toMatchObject([{ type: 'MeshConfig', ...expected }])
  })

  it.each([
    [
      'another ConfigMap',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata:\n  mesh: |\n    trustDomain: td\n',
      'cm.yaml',
    ],
    [
      'an application with a trustDomain',
      'trustDomain: td\nspire: {trustDomain: x}\n',
      'values.yaml',
    ],
    ['a file that is not called values', 'meshConfig:\n  trustDomain: td\n', 'notes.yaml'],
  ])('not from %s', (_, text, file) => {
    expect(resourcesOf(text, file)).toEqual([])
  })
})

describe('positions', () => {
  const text =
    '# c\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels: {istio.io/use-waypoint: wp}\nspec:\n  ports:\n  - port: 80\n    targetPort: http\n'
  const [, document] = readYaml(text)
  const source = document!.sources[0]!
  const body = text.slice(text.indexOf('---'))
  const read = (path: (string | number)[]) => {
    const { key, value, exact } = source.find(path)
    return {
      key: key && body.slice(key.start, key.end),
      value: body.slice(value.start, value.end).trimEnd(),
      exact,
    }
  }

  it('finds keys and values', () => {
    expect(read(['metadata', 'name'])).toEqual({ key: 'name', value: 'a', exact: true })
    expect(read(['metadata', 'labels', 'istio.io/use-waypoint'])).toEqual({
      key: 'istio.io/use-waypoint',
      value: 'wp',
      exact: true,
    })
    expect(read(['spec', 'ports', 0, 'targetPort'])).toEqual({
      key: 'targetPort',
      value: 'http',
      exact: true,
    })
    expect(read(['spec', 'ports', 0])).toMatchObject({ key: undefined, exact: true })
  })

  it('falls back to the nearest ancestor that is there', () => {
    expect(read(['metadata', 'labels', 'missing'])).toMatchObject({ key: 'labels', exact: false })
    expect(read(['spec', 'ports', 0, 'name', 'x'])).toEqual({
      key: undefined,
      value: 'port: 80\n    targetPort: http',
      exact: false,
    })
    expect(read(['spec', 'ports', 4, 'port'])).toMatchObject({ key: 'ports', exact: false })
    expect(read(['status'])).toMatchObject({
      key: undefined,
      exact: false,
      value: body.slice(4).trimEnd(),
    })
  })
})

describe('what something outside the mesh calls', () => {
  const services = (text: string): unknown =>
    resourcesOf(text).map((resource) => ('services' in resource ? resource.services : undefined))

  it('a webhook and an APIService, on port 443 unless they say another', () => {
    expect(
      services(
        'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: x}\nwebhooks:\n- clientConfig: {url: "https://x"}\n- clientConfig: {service: {name: a, namespace: shop, port: 8443}}\n',
      ),
    ).toEqual([
      [
        {
          name: 'a',
          namespace: 'shop',
          port: 8443,
          path: ['webhooks', 1, 'clientConfig', 'service', 'name'],
        },
      ],
    ])
    expect(
      services(
        'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.x}\nspec: {service: {name: a, namespace: shop}}\n',
      ),
    ).toEqual([[{ name: 'a', namespace: 'shop', port: 443, path: ['spec', 'service', 'name'] }]])
    expect(
      services(
        'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.}\nspec: {service: null}\n',
      ),
    ).toEqual([[]])
  })

  it('an Ingress, of whatever release', () => {
    const head = (apiVersion: string): string =>
      `apiVersion: ${apiVersion}\nkind: Ingress\nmetadata: {name: x, annotations: {kubernetes.io/ingress.class: nginx}}\n`
    expect(
      services(
        `${head('networking.k8s.io/v1')}spec:\n  defaultBackend: {service: {name: a, port: {name: http}}}\n  rules:\n  - http: {paths: [{backend: {resource: {kind: Bucket}}}, {backend: {service: {name: b, port: {number: 80}}}}]}\n`,
      ),
    ).toEqual([
      [
        {
          name: 'a',
          namespace: undefined,
          port: 'http',
          path: ['spec', 'defaultBackend', 'service', 'name'],
        },
        {
          name: 'b',
          namespace: undefined,
          port: 80,
          path: ['spec', 'rules', 0, 'http', 'paths', 1, 'backend', 'service', 'name'],
        },
      ],
    ])
    expect(
      services(
        `${head('extensions/v1beta1')}spec:\n  backend: {serviceName: a, servicePort: http}\n`,
      ),
    ).toEqual([
      [{ name: 'a', namespace: undefined, port: 'http', path: ['spec', 'backend', 'serviceName'] }],
    ])
    expect(resourceOf('Ingress', head('networking.k8s.io/v1')).ingressClassName).toBe('nginx')
    expect(
      resourceOf('Ingress', `${head('networking.k8s.io/v1')}spec: {ingressClassName: istio}\n`)
        .ingressClassName,
    ).toBe('istio')
  })

  it('nothing is said of the YAML of such objects', () => {
    const [document] = readYaml(
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: x\n  name: y\nspec:\n  rules: [\nEOF\n',
    )
    expect(document).toMatchObject({ problems: [], debris: [] })
  })
})
