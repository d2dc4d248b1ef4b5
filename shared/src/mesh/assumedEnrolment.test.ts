import { expect, it } from 'vitest'
import { namespaceEnrolment } from './namespaceEnrolment.js'
import type { AnalyseOptions } from '../testing/index.js'
import {
  object,
  namespace,
  pod,
  gateway,
  service,
  policy,
  meshOf,
  OPEN,
} from '../testing/meshObjects.js'

const INJECT = 'sidecar.istio.io/inject'
const of = (
  objects: readonly string[],
  options: AnalyseOptions = { world: 'closed' },
  name = 'shop',
): unknown => {
  const { mode, certainty, evidence } = meshOf(objects, options).get(namespaceEnrolment, name)
  return [
    mode,
    certainty.level === 'assumed' ? certainty.assumption : certainty.level,
    ...evidence.map(
      ({ resource, path, message }) => `${resource.type} ${path.join('.')}: ${message}`,
    ),
  ]
}

it.each<[string, unknown, unknown]>([
  [
    'no label, others have one',
    of([namespace('shop', {}), namespace('dev')], OPEN),
    [
      'none',
      'certain',
      'Namespace metadata.name: Namespace "shop" has no istio.io/dataplane-mode label.',
    ],
  ],
  [
    'no Namespace, others have a label',
    of([namespace('dev')], OPEN),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'no Namespace, others are injected',
    of([object('Namespace', 'dev', undefined, { labels: { 'istio-injection': 'enabled' } })], OPEN),
    [
      'sidecar',
      'namespace "shop" uses sidecars, because every labelled namespace in these files does',
      'Namespace metadata.labels.istio-injection: Namespace "dev" has istio-injection: enabled.',
    ],
  ],
  [
    'no Namespace, others are injected by revision or not at all',
    of(
      [
        object('Namespace', 'one', undefined, { labels: { 'istio.io/rev': 'stable' } }),
        object('Namespace', 'two', undefined, { labels: { 'istio-injection': 'disabled' } }),
      ],
      OPEN,
    ),
    [
      'sidecar',
      'namespace "shop" uses sidecars, because every labelled namespace in these files does',
      'Namespace metadata.labels.istio.io/rev: Namespace "one" has istio.io/rev: stable.',
    ],
  ],
  [
    'no Namespace, others are injected and ambient',
    of(
      [
        object('Namespace', 'one', undefined, { labels: { 'istio-injection': 'enabled' } }),
        namespace('two'),
      ],
      OPEN,
    ),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'no Namespace, others are injected and have a waypoint',
    of(
      [
        object('Namespace', 'one', undefined, { labels: { 'istio-injection': 'enabled' } }),
        gateway('two/w'),
      ],
      OPEN,
    ),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'no Namespace, others are injected, all are taken',
    of([object('Namespace', 'one', undefined, { labels: { 'istio-injection': 'enabled' } })], {
      settings: { assumeAmbient: 'all' },
    }),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'no Namespace, no other is injected',
    of(
      [object('Namespace', 'one', undefined, { labels: { 'istio-injection': 'disabled' } })],
      OPEN,
    ),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'no label, others have one, all are taken',
    of([namespace('shop', {}), namespace('dev')], { settings: { assumeAmbient: 'all' } }),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'the setting says so',
    of([], { settings: { assumeAmbient: 'unknown-namespaces' } }),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'a waypoint',
    of([gateway('shop/w')], OPEN),
    [
      'ambient',
      'namespace "shop" is ambient, because it has the waypoint "w"',
      'Gateway metadata.name: A waypoint of this namespace.',
    ],
  ],
  [
    'a policy for a class',
    of(
      [
        policy('shop/p', {
          targetRefs: [
            { group: '', kind: 'Service', name: 'a' },
            { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'a' },
          ],
        }),
      ],
      OPEN,
    ),
    [
      'ambient',
      'namespace "shop" is ambient, because the policy "p" there targets a waypoint',
      'AuthorizationPolicy spec.targetRefs: A policy that targets a waypoint.',
    ],
  ],
  [
    'a policy for a Gateway',
    of(
      [
        policy('shop/p', {
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'a' }],
        }),
      ],
      OPEN,
    ),
    [
      'ambient',
      'namespace "shop" is ambient, because the policy "p" there targets a waypoint',
      'AuthorizationPolicy spec.targetRefs: A policy that targets a waypoint.',
    ],
  ],
  [
    'a policy for a Gateway of agents',
    of(
      [
        policy('shop/p', {
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'w' }],
        }),
        gateway('shop/w', {}, { gatewayClassName: 'istio' }),
      ],
      { settings: { assumeAmbient: 'none' } },
    ),
    ['unknown', 'unknown'],
  ],
  [
    'a policy for a Service',
    of([policy('shop/p', { targetRefs: [{ group: '', kind: 'Service', name: 'a' }] })], OPEN),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'a sidecar',
    of([pod('shop/p', { [INJECT]: 'true' })], OPEN),
    [
      'sidecar',
      'namespace "shop" uses sidecars, because "p" there has one',
      'Pod metadata.name: A workload with a sidecar.',
    ],
  ],
  [
    'a sidecar by annotation',
    of([object('Pod', 'shop/p', {}, { annotations: { [INJECT]: 'true' } })], OPEN),
    [
      'sidecar',
      'namespace "shop" uses sidecars, because "p" there has one',
      'Pod metadata.name: A workload with a sidecar.',
    ],
  ],
  [
    'a sidecar by status',
    of([object('Pod', 'shop/p', {}, { annotations: { 'sidecar.istio.io/status': '' } })], OPEN),
    [
      'sidecar',
      'namespace "shop" uses sidecars, because "p" there has one',
      'Pod metadata.name: A workload with a sidecar.',
    ],
  ],
  [
    'a sidecar that is refused',
    of([pod('shop/p', { [INJECT]: 'false' })], OPEN),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'no sidecar of a WorkloadEntry',
    of([object('WorkloadEntry', 'shop/e', { labels: { [INJECT]: 'true' } })], OPEN),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'an install without ambient',
    of([object('Istio', 'default', { profile: 'default' })], OPEN),
    [
      'sidecar',
      'namespace "shop" uses sidecars, because the install in these files is not ambient',
    ],
  ],
  [
    'an install with ambient',
    of([object('Istio', 'default', { profile: 'ambient' })], OPEN),
    ['ambient', 'namespace "shop" is ambient, because the install in these files is'],
  ],
  [
    'an install with ambient, for the root',
    of([object('Istio', 'default', { profile: 'ambient' })], OPEN, 'istio-system'),
    ['ambient', 'namespace "istio-system" is ambient, because the install in these files is'],
  ],
  ['the root', of([], OPEN, 'istio-system'), ['unknown', 'unknown']],
  [
    'what the CNI leaves out',
    of([object('Istio', 'default', { profile: 'ambient' })], OPEN, 'kube-system'),
    ['unknown', 'unknown'],
  ],
  [
    'gateway pods alone',
    of([pod('shop/p', { istio: 'ingressgateway' })], OPEN),
    ['unknown', 'unknown'],
  ],
  [
    'gateway pods and others',
    of([pod('shop/p', { istio: 'ingressgateway' }), pod('shop/q')], OPEN),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'a Gateway of Istio alone',
    of([object('Gateway', 'shop/g', {}, {}, 'networking.istio.io/v1')], OPEN),
    ['ambient', 'namespace "shop" is ambient'],
  ],
  [
    'Gateways of both APIs',
    of(
      [
        object('Gateway', 'shop/g', {}, {}, 'networking.istio.io/v1'),
        gateway('shop/h', {}, { gatewayClassName: 'istio' }),
      ],
      OPEN,
    ),
    ['unknown', 'unknown'],
  ],
  [
    'a Gateway and a Service',
    of([gateway('shop/g', {}, { gatewayClassName: 'istio' }), service('shop/s')], OPEN),
    ['ambient', 'namespace "shop" is ambient'],
  ],
])('the enrolment of a namespace without labels: %s', (_, found, expected) => {
  expect(found).toEqual(expected)
})

it('names the setting where it alone assumes that a namespace is ambient', () => {
  expect(meshOf([], OPEN).get(namespaceEnrolment, 'shop').certainty).toMatchObject({
    level: 'assumed',
    setting: 'assumeAmbient',
  })
  expect(
    meshOf([gateway('shop/w')], OPEN).get(namespaceEnrolment, 'shop').certainty,
  ).not.toHaveProperty('setting', 'assumeAmbient')
})
