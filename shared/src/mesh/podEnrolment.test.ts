import { expect, it } from 'vitest'
import { enrolmentOf } from './enrolment.js'
import { object, AMBIENT, namespace, pod, meshOf, OPEN, workload } from '../testing/meshObjects.js'

const INJECT = 'sidecar.istio.io/inject'
const REDIRECTION = 'ambient.istio.io/redirection'
const TUNNEL = 'networking.istio.io/tunnel'
const ofPod = (objects: readonly string[], name = 'p'): unknown => {
  const mesh = meshOf(objects)
  const { mode, certainty, evidence } = mesh.get(enrolmentOf, workload(mesh, name))
  return [
    mode,
    certainty.level,
    ...evidence.map(
      ({ resource, path, message }) => `${resource.type} ${path.join('.')}: ${message}`,
    ),
  ]
}

it.each<[string, unknown, unknown]>([
  [
    "its namespace's",
    ofPod([namespace('shop'), pod('shop/p')]),
    [
      'ambient',
      'certain',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
    ],
  ],
  [
    'a WorkloadEntry',
    ofPod([namespace('shop'), object('WorkloadEntry', 'shop/p')]),
    [
      'none',
      'certain',
      'WorkloadEntry kind: A WorkloadEntry is no pod: ztunnel does not capture it.',
    ],
  ],
  [
    'a WorkloadEntry that accepts HBONE by its annotation',
    ofPod([
      namespace('shop'),
      object('WorkloadEntry', 'shop/p', {}, { annotations: { [REDIRECTION]: 'enabled' } }),
    ]),
    ['unknown', 'unknown'],
  ],
  [
    'a WorkloadEntry that accepts HBONE by its label',
    ofPod([
      namespace('shop'),
      object('WorkloadEntry', 'shop/p', { labels: { [TUNNEL]: 'a,http' } }),
    ]),
    ['unknown', 'unknown'],
  ],
  [
    'a WorkloadEntry with another protocol and annotation',
    ofPod([
      namespace('shop'),
      object(
        'WorkloadEntry',
        'shop/p',
        { labels: { [TUNNEL]: 'none' } },
        { annotations: { [REDIRECTION]: 'pending' } },
      ),
    ]),
    [
      'none',
      'certain',
      'WorkloadEntry kind: A WorkloadEntry is no pod: ztunnel does not capture it.',
    ],
  ],
  [
    'on the host network',
    ofPod([
      namespace('shop'),
      object('Deployment', 'shop/p', { template: { spec: { hostNetwork: true } } }),
    ]),
    [
      'none',
      'certain',
      'Deployment spec.template.spec.hostNetwork: A pod on the host network is never captured.',
    ],
  ],
  [
    'with a sidecar',
    ofPod([
      namespace('shop'),
      object('Deployment', 'shop/p', {
        template: { metadata: { annotations: { 'sidecar.istio.io/status': '' } } },
      }),
    ]),
    [
      'sidecar',
      'certain',
      'Deployment spec.template.metadata.annotations.sidecar.istio.io/status: The pod has a sidecar.',
    ],
  ],
  [
    'ended',
    ofPod([
      namespace('shop'),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p', namespace: 'shop' },
        status: { phase: 'Failed' },
      }),
    ]),
    ['none', 'certain', 'Pod status.phase: The pod has ended.'],
  ],
  [
    'that asks for a sidecar',
    ofPod([
      namespace('shop'),
      object('Deployment', 'shop/p', {
        template: { metadata: { labels: { [INJECT]: 'true' } } },
      }),
    ]),
    [
      'sidecar',
      'certain',
      `Deployment spec.template.metadata.labels.${INJECT}: The pod asks for a sidecar.`,
    ],
  ],
  [
    'that asks for a sidecar where no webhook injects it',
    ofPod([
      namespace('shop', { ...AMBIENT, 'istio-injection': 'disabled' }),
      pod('shop/p', { [INJECT]: 'true' }),
    ]),
    [
      'ambient',
      'certain',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
    ],
  ],
  [
    'with a revision',
    ofPod([namespace('shop'), pod('shop/p', { 'istio.io/rev': 'canary' })]),
    ['sidecar', 'certain', 'Pod metadata.labels.istio.io/rev: The pod asks for a sidecar.'],
  ],
  [
    'with a revision, refusing injection',
    ofPod([namespace('shop'), pod('shop/p', { 'istio.io/rev': 'canary', [INJECT]: 'false' })]),
    [
      'ambient',
      'certain',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
    ],
  ],
  [
    'that asks for a sidecar in a namespace with an unknown value of istio-injection',
    ofPod([
      namespace('shop', { ...AMBIENT, 'istio-injection': 'false' }),
      pod('shop/p', { [INJECT]: 'true', 'istio.io/rev': 'canary' }),
    ]),
    [
      'ambient',
      'certain',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
    ],
  ],
  [
    'that asks for a sidecar in a namespace without injection',
    ofPod([namespace('kube-public', {}), pod('kube-public/p', { [INJECT]: 'true' })]),
    [
      'none',
      'certain',
      'Namespace metadata.name: Namespace "kube-public" has no istio.io/dataplane-mode label.',
    ],
  ],
  [
    'left out by the CNI',
    ofPod([namespace('kube-system'), pod('kube-system/p')]),
    ['none', 'certain', 'Pod metadata.namespace: The CNI leaves out namespace "kube-system".'],
  ],
  [
    'by its own label',
    ofPod([
      namespace('shop', {}),
      object('Deployment', 'shop/p', { template: { metadata: { labels: AMBIENT } } }),
    ]),
    [
      'ambient',
      'certain',
      'Deployment spec.template.metadata.labels.istio.io/dataplane-mode: The pod has istio.io/dataplane-mode: ambient.',
    ],
  ],
  [
    'none by its own label',
    ofPod([namespace('shop'), pod('shop/p', { 'istio.io/dataplane-mode': 'none' })]),
    [
      'none',
      'certain',
      'Pod metadata.labels.istio.io/dataplane-mode: The pod has istio.io/dataplane-mode: none.',
    ],
  ],
  [
    'filled in',
    ofPod([namespace('shop'), pod('shop/p', { 'istio.io/dataplane-mode': '${A}' })]),
    ['unknown', 'unknown'],
  ],
  [
    'injected by its namespace',
    ofPod([namespace('shop', { 'istio-injection': 'enabled' }), pod('shop/p')]),
    [
      'sidecar',
      'certain',
      'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
    ],
  ],
  [
    'that refuses injection',
    ofPod([
      namespace('shop', { 'istio-injection': 'enabled' }),
      pod('shop/p', { [INJECT]: 'false' }),
    ]),
    [
      'none',
      'certain',
      'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
    ],
  ],
  [
    'that refuses injection in an ambient namespace',
    ofPod([
      namespace('shop', { 'istio-injection': 'enabled', ...AMBIENT }),
      pod('shop/p', { [INJECT]: 'false' }),
    ]),
    [
      'ambient',
      'certain',
      'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
    ],
  ],
])('the enrolment of a pod: %s', (_, found, expected) => {
  expect(found).toEqual(expected)
})

it('assumes a sidecar of a pod in a namespace that uses sidecars, unless the pod has a label', () => {
  const mesh = meshOf(
    [
      pod('shop/q', { [INJECT]: 'true' }),
      pod('shop/p'),
      pod('shop/r', AMBIENT),
      pod('shop/s', { [INJECT]: 'false' }),
    ],
    OPEN,
  )
  expect(['p', 'r', 's'].map((name) => mesh.get(enrolmentOf, workload(mesh, name)).mode)).toEqual([
    'sidecar',
    'ambient',
    'none',
  ])
})
