import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { analyse, replaceIn, type AnalyseOptions, type Files } from '../testing/index.js'
import { enrolmentOf } from './enrolment.js'
import { namespaceEnrolment } from './namespaceEnrolment.js'
import type { Mesh } from './mesh.js'

interface Pod {
  readonly labels?: string
  readonly annotations?: string
  readonly spec?: string
  readonly namespace?: string
}

const namespace = (name: string, labels = '{}'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: ${labels}\n---\n`
const pod = ({
  labels = '{app: a}',
  annotations = '{}',
  spec = '{}',
  namespace: where = 'shop',
}: Pod = {}): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n${where === '' ? '' : `  namespace: ${where}\n`}  labels: ${labels}\n  annotations: ${annotations}\nspec: ${spec}\n---\n`

const meshOf = (files: Files | string, options: AnalyseOptions = {}): Mesh =>
  analyse(files, options).mesh
const mode = (text: string, options: AnalyseOptions = {}): string => {
  const mesh = meshOf(text, options)
  const [first] = mesh.workloadsAt(keys.allWorkloads())
  const { mode: result, certainty } = mesh.get(enrolmentOf, first!)
  return `${result} ${certainty.level}`
}
const namespaceMode = (
  files: Files | string,
  options: AnalyseOptions = {},
  name = 'shop',
): string => {
  const { mode: result, certainty } = meshOf(files, options).get(namespaceEnrolment, name)
  return `${result} ${certainty.level}`
}

const AMBIENT = '{istio.io/dataplane-mode: ambient}'

describe('the rule of the CNI', () => {
  it.each<[string, string, Pod, string]>([
    ['namespace ambient', AMBIENT, {}, 'ambient certain'],
    [
      'namespace ambient, pod none',
      AMBIENT,
      { labels: '{istio.io/dataplane-mode: none}' },
      'none certain',
    ],
    [
      'namespace ambient, pod something else',
      AMBIENT,
      { labels: '{istio.io/dataplane-mode: sidecar}' },
      'ambient certain',
    ],
    [
      'namespace none, pod ambient',
      '{istio.io/dataplane-mode: none}',
      { labels: AMBIENT },
      'ambient certain',
    ],
    ['namespace none', '{istio.io/dataplane-mode: none}', {}, 'none certain'],
    ['values are exact', '{istio.io/dataplane-mode: Ambient}', {}, 'none certain'],
    [
      'sidecar annotation',
      AMBIENT,
      { annotations: '{sidecar.istio.io/status: ""}' },
      'sidecar certain',
    ],
    [
      'sidecar annotation beats the pod label',
      AMBIENT,
      { labels: AMBIENT, annotations: '{sidecar.istio.io/status: x}' },
      'sidecar certain',
    ],
    ['host network', AMBIENT, { spec: '{hostNetwork: true}' }, 'none certain'],
    [
      'host network beats the pod label',
      AMBIENT,
      { labels: AMBIENT, spec: '{hostNetwork: true}' },
      'none certain',
    ],
    [
      'both labels of the namespace: sidecar',
      '{istio-injection: enabled, istio.io/dataplane-mode: ambient}',
      {},
      'sidecar certain',
    ],
    [
      'revision and ambient: sidecar',
      '{istio.io/rev: a, istio.io/dataplane-mode: ambient}',
      {},
      'sidecar certain',
    ],
    [
      'both labels, the pod refuses injection',
      '{istio-injection: enabled, istio.io/dataplane-mode: ambient}',
      { labels: '{sidecar.istio.io/inject: "false"}' },
      'ambient certain',
    ],
    [
      'both labels, refused by annotation',
      '{istio-injection: enabled, istio.io/dataplane-mode: ambient}',
      { annotations: '{sidecar.istio.io/inject: "false"}' },
      'ambient certain',
    ],
    [
      'injection alone, the pod refuses',
      '{istio-injection: enabled}',
      { labels: '{sidecar.istio.io/inject: "false"}' },
      'none certain',
    ],
    [
      'label beats annotation',
      AMBIENT,
      {
        labels: '{sidecar.istio.io/inject: "false"}',
        annotations: '{sidecar.istio.io/inject: "true"}',
      },
      'ambient certain',
    ],
    [
      'the pod asks for a sidecar',
      AMBIENT,
      { labels: '{sidecar.istio.io/inject: "true"}' },
      'sidecar certain',
    ],
    [
      'injection disabled beats a revision',
      '{istio-injection: disabled, istio.io/rev: a, istio.io/dataplane-mode: ambient}',
      {},
      'ambient certain',
    ],
    ['a label that is filled in', '{istio.io/dataplane-mode: "${MODE}"}', {}, 'unknown unknown'],
    ['the data plane of Kmesh', '{istio.io/dataplane-mode: Kmesh}', {}, 'unknown unknown'],
    [
      'a pod label that is filled in',
      AMBIENT,
      { labels: '{istio.io/dataplane-mode: "${MODE}"}' },
      'unknown unknown',
    ],
  ])('%s', (_, labels, given, expected) => {
    expect(mode(namespace('shop', labels) + pod(given))).toBe(expected)
  })

  it('leaves out kube-system, and what the CNI values exclude', () => {
    expect(mode(namespace('kube-system', AMBIENT) + pod({ namespace: 'kube-system' }))).toBe(
      'none certain',
    )
    const files = {
      'cni-values.yaml': 'cni:\n  excludeNamespaces: [shop]\n',
      'a.yaml': namespace('shop', AMBIENT) + pod(),
    }
    const mesh = meshOf(files)
    expect(mesh.get(enrolmentOf, mesh.workloadsAt(keys.allWorkloads())[0]!)).toMatchObject({
      mode: 'none',
    })
  })

  it('a pod that has ended and a WorkloadEntry are not captured', () => {
    expect(
      mode(
        namespace('shop', AMBIENT) + replaceIn(pod(), ['spec: {}', 'status: {phase: Succeeded}']),
      ),
    ).toBe('none certain')
    expect(
      mode(
        `${namespace('shop', AMBIENT)}apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: w, namespace: shop}\n`,
      ),
    ).toBe('none certain')
  })

  it('names the label it rests on', () => {
    const mesh = meshOf(namespace('shop', AMBIENT))
    expect(mesh.get(namespaceEnrolment, 'shop').evidence).toMatchObject([
      {
        path: ['metadata', 'labels', 'istio.io/dataplane-mode'],
        resource: { type: 'Namespace', name: 'shop' },
      },
    ])
  })
})

describe('what the files do not tell', () => {
  const gateway = (className: string): string =>
    `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: w, namespace: shop}\nspec: {gatewayClassName: ${className}, listeners: [{name: x, port: 80, protocol: HTTP}]}\n---\n`
  const policy = (ref: string): string =>
    `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: shop}\nspec: {targetRefs: [${ref}]}\n---\n`

  it.each<[string, Files | string, string]>([
    ['nothing at all', '', 'ambient assumed'],
    [
      'no label, another Namespace has one',
      namespace('shop') + namespace('other', AMBIENT),
      'none certain',
    ],
    [
      'no label, another Namespace injects',
      namespace('shop') + namespace('other', '{istio-injection: enabled}'),
      'none certain',
    ],
    ['no label anywhere', namespace('shop') + namespace('other', '{team: x}'), 'ambient assumed'],
    ['a waypoint in it', gateway('istio-waypoint'), 'ambient assumed'],
    [
      'a policy for a GatewayClass',
      policy('{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}'),
      'ambient assumed',
    ],
    [
      'a policy for a Gateway that is not here',
      policy('{group: gateway.networking.k8s.io, kind: Gateway, name: w}'),
      'ambient assumed',
    ],
    [
      'a sidecar on its pods',
      pod({ labels: '{sidecar.istio.io/inject: "true"}' }),
      'sidecar assumed',
    ],
    [
      'a sidecar container',
      pod({ spec: '{containers: [{name: istio-proxy}]}' }),
      'sidecar assumed',
    ],
    [
      'an install with another profile',
      {
        'i.yaml':
          'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: default}\n',
      },
      'sidecar assumed',
    ],
    [
      'an install that is ambient',
      {
        'i.yaml':
          'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: ambient}\n',
      },
      'ambient assumed',
    ],
    ['only gateway pods', pod({ labels: '{istio: ingressgateway}' }), 'unknown unknown'],
    ['only an ingress Gateway', gateway('istio'), 'unknown unknown'],
  ])('%s', (_, files, expected) => {
    expect(namespaceMode(files)).toBe(expected)
  })

  it.each([['istio-system'], ['kube-system']])('%s is never assumed', (name) => {
    expect(namespaceMode('', {}, name)).toBe('unknown unknown')
    expect(
      namespaceMode(
        {
          'i.yaml':
            'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: ambient}\n',
        },
        {},
        name,
      ),
    ).not.toMatch(name === 'kube-system' ? /ambient/ : /certain/)
  })

  it('follows the setting', () => {
    expect(namespaceMode('', { settings: { assumeAmbient: 'none' } })).toBe('unknown unknown')
    expect(
      namespaceMode(namespace('shop') + namespace('other', AMBIENT), {
        settings: { assumeAmbient: 'all' },
      }),
    ).toBe('ambient assumed')
    expect(namespaceMode(gateway('istio-waypoint'), { settings: { assumeAmbient: 'none' } })).toBe(
      'ambient assumed',
    )
  })

  it('knows everything in a closed world', () => {
    expect(namespaceMode('', { world: 'closed' })).toBe('none certain')
    expect(namespaceMode(gateway('istio-waypoint'), { world: 'closed' })).toBe('none certain')
  })
})
