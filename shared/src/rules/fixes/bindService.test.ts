import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  documents,
  findingsOf,
  namespace,
  serviceEntry,
  waypoint,
} from '../../testing/index.js'

const config = (mesh: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh },
  })
const ENTRY = documents(
  namespace('gate'),
  waypoint('gate/exit', { allowedNamespaces: 'All' }),
  namespace('apps'),
  serviceEntry('apps/feeds'),
  authorizationPolicy('apps/p', {
    targetRefs: ['ServiceEntry/feeds'],
    action: 'DENY',
    rules: [{}],
  }),
)
const bindings = (text: string): string[] =>
  findingsOf(analyse(text))
    .flatMap(({ fixes }) => fixes.map(({ title }) => title))
    .filter((title) => title.startsWith('Use waypoint'))

it('a ServiceEntry is bound to the one waypoint that it can use', () => {
  expect(bindings(ENTRY)).toEqual(['Use waypoint "gate/exit" for "feeds"'])
})

it.each([
  ['only its namespace sees it', config('serviceEntryVisibility: {defaultVisibility: NAMESPACE}')],
  [
    'istiod does not see the waypoint',
    config(
      'discoverySelectors: [{matchLabels: {kubernetes.io/metadata.name: apps}}, {matchLabels: {kubernetes.io/metadata.name: istio-system}}]',
    ),
  ],
])('a ServiceEntry is bound to no waypoint of another namespace if %s', (_, install) => {
  expect(bindings(documents(ENTRY, install))).toEqual([])
})
