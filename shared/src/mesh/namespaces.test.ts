import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { isDiscovered, namespaceObject } from './namespaces.js'
import { type Plain, AMBIENT, namespace, meshOf, object } from '../testing/meshObjects.js'

it('knows a Namespace that is defined once, or twice with equal mesh labels', () => {
  const same = (a: Plain, b: Plain): boolean =>
    meshOf([namespace('shop', a), namespace('shop', b)]).get(namespaceObject, 'shop') !== undefined
  expect([
    same(AMBIENT, { ...AMBIENT, team: 'x' }),
    same({ ...AMBIENT, team: 'y' }, { ...AMBIENT, team: 'x' }),
    same(AMBIENT, {}),
    same({}, AMBIENT),
    same(AMBIENT, { 'istio.io/dataplane-mode': 'none' }),
  ]).toEqual([true, true, false, false, false])
  expect(
    meshOf([namespace('shop', {}), namespace('shop', AMBIENT), namespace('shop', {})]).get(
      namespaceObject,
      'shop',
    ),
  ).toBeUndefined()
  expect(meshOf([]).get(namespaceObject, 'shop')).toBeUndefined()
})

/** Of four namespaces those that istiod sees; no file shows the last. */
function seen(selectors: string): string[] {
  const mesh = meshOf(
    [
      object('Istio', 'default', {
        values: { meshConfig: { discoverySelectors: parse(selectors) as unknown } },
      }),
      namespace('shop', { 'istio-discovery': 'enabled' }),
      namespace('other', {}),
      namespace('istio-system', {}),
    ],
    {},
  )
  return ['shop', 'other', 'istio-system', 'elsewhere'].filter((name) =>
    mesh.get(isDiscovered, name),
  )
}

it.each([
  ['none', '[]', ['shop', 'other', 'istio-system', 'elsewhere']],
  [
    'labels; the root namespace is no exception; unknown Namespaces count as seen',
    '[{matchLabels: {istio-discovery: enabled}}]',
    ['shop', 'elsewhere'],
  ],
  [
    'any of several',
    '[{matchLabels: {istio-discovery: enabled}}, {matchLabels: {kubernetes.io/metadata.name: other}}]',
    ['shop', 'other', 'elsewhere'],
  ],
  [
    'expressions',
    '[{matchExpressions: [{key: istio-discovery, operator: DoesNotExist}]}]',
    ['other', 'istio-system', 'elsewhere'],
  ],
  [
    'In',
    '[{matchExpressions: [{key: istio-discovery, operator: In, values: [enabled, x]}]}]',
    ['shop', 'elsewhere'],
  ],
  [
    'NotIn',
    '[{matchExpressions: [{key: istio-discovery, operator: NotIn, values: [enabled]}]}]',
    ['other', 'istio-system', 'elsewhere'],
  ],
])('istiod sees the namespaces that discoverySelectors select: %s', (_, selectors, expected) => {
  expect(seen(selectors)).toEqual(expected)
})
