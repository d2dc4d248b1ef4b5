import { expect, it } from 'vitest'
import { namespaceEnrolment, namespaceLabels } from './namespaceEnrolment.js'
import type { AnalyseOptions } from '../testing/index.js'
import { object, AMBIENT, namespace, meshOf, OPEN } from '../testing/meshObjects.js'

const AMBIENT_LABEL = { 'istio.io/dataplane-mode': 'ambient' }
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
    'by label',
    of([namespace('shop')]),
    [
      'ambient',
      'certain',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
    ],
  ],
  [
    'by two definitions that differ in other labels',
    of([namespace('shop'), namespace('shop', { ...AMBIENT_LABEL, 'istio.io/use-waypoint': 'x' })]),
    [
      'ambient',
      'certain',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
    ],
  ],
  [
    'none by label',
    of([namespace('shop', { 'istio.io/dataplane-mode': 'none' })]),
    [
      'none',
      'certain',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: none.',
    ],
  ],
  [
    'sidecars by label',
    of([namespace('shop', { 'istio-injection': 'enabled' })]),
    [
      'sidecar',
      'certain',
      'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
    ],
  ],
  [
    'sidecars by revision',
    of([namespace('shop', { 'istio.io/rev': 'a' })]),
    [
      'sidecar',
      'certain',
      'Namespace metadata.labels.istio.io/rev: Namespace "shop" has istio.io/rev: a.',
    ],
  ],
  [
    'none by injection',
    of([namespace('shop', { 'istio-injection': 'disabled' })]),
    [
      'none',
      'certain',
      'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: disabled.',
    ],
  ],
  [
    'filled in: mode',
    of([namespace('shop', { 'istio.io/dataplane-mode': '${A}' })]),
    [
      'unknown',
      'unknown',
      'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ${A}.',
    ],
  ],
  [
    'filled in: injection',
    of([namespace('shop', { 'istio-injection': '${A}' })]),
    [
      'unknown',
      'unknown',
      'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: ${A}.',
    ],
  ],
  [
    'filled in: revision',
    of([namespace('shop', { 'istio.io/rev': '${A}' })]),
    [
      'unknown',
      'unknown',
      'Namespace metadata.labels.istio.io/rev: Namespace "shop" has istio.io/rev: ${A}.',
    ],
  ],
  [
    'no label',
    of([namespace('shop', {})]),
    [
      'none',
      'certain',
      'Namespace metadata.name: Namespace "shop" has no istio.io/dataplane-mode label.',
    ],
  ],
  ['no Namespace', of([]), ['none', 'certain']],
  ...['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'].map(
    (name): [string, unknown, unknown] => [
      `${name} is never injected`,
      of(
        [namespace(name, { 'istio-injection': 'enabled', ...AMBIENT })],
        { world: 'closed' },
        name,
      ),
      name === 'kube-system'
        ? [
            'none',
            'certain',
            'Namespace metadata.labels.istio.io/dataplane-mode: The CNI leaves out namespace "kube-system".',
          ]
        : [
            'ambient',
            'certain',
            `Namespace metadata.labels.istio.io/dataplane-mode: Namespace "${name}" has istio.io/dataplane-mode: ambient.`,
          ],
    ],
  ),
])('the enrolment of a namespace by labels: %s', (_, found, expected) => {
  expect(found).toEqual(expected)
})

it('knows the labels of a namespace only where its enrolment is certain', () => {
  const labelsIn = (objects: readonly string[], options: AnalyseOptions): unknown =>
    meshOf(objects, options).get(namespaceLabels, 'shop')
  expect([
    labelsIn([namespace('shop')], OPEN),
    labelsIn([namespace('shop', { team: 'x' })], OPEN),
    labelsIn([], OPEN),
    labelsIn([namespace('shop', { team: 'x' })], { world: 'closed' }),
    labelsIn([], { world: 'closed' }),
  ]).toEqual([AMBIENT, undefined, undefined, { team: 'x' }, {}])
  expect(labelsIn([object('Namespace', 'shop'), namespace('dev')], OPEN)).toEqual({})
})

it.each<[string, string, string | undefined, unknown]>([
  ['enrols', 'istio.io/dataplane-mode: ambient', undefined, ['unknown', 'unknown']],
  ['enrols', 'istio.io/dataplane-mode: ambient', 'none', ['none', 'none']],
  ['binds', 'istio.io/use-waypoint: waypoint', undefined, ['none', 'none']],
])(
  'where an admission controller %s namespaces with %s, a Namespace with the mode %s',
  (_, label, mode, expected) => {
    const kyverno = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: labels}
spec:
  rules:
  - match: {any: [{resources: {kinds: [Namespace]}}]}
    mutate: {patchStrategicMerge: {metadata: {labels: {${label}}}}}
`
    const labels = mode === undefined ? {} : { 'istio.io/dataplane-mode': mode }
    const objects = [kyverno, namespace('other'), namespace('shop', labels)]
    const modes = [OPEN, { world: 'closed' } as const].map(
      (options) => meshOf(objects, options).get(namespaceEnrolment, 'shop').mode,
    )
    expect(modes).toEqual(expected)
  },
)
