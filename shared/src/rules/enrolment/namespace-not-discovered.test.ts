import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  expectFixed,
  findingsOf,
  namespace,
  object,
  type AnalyseOptions,
  type Files,
} from '../../testing/index.js'
import { namespaceNotDiscoveredPage } from './namespace-not-discovered.page.js'
import { namespaceNotDiscovered } from './namespace-not-discovered.js'

const rule = namespaceNotDiscovered.name
const found = (files: Files | string, options: AnalyseOptions = {}): string[] =>
  findingsOf(analyse(files, options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('namespace-not-discovered reports the bad example of its page', () => {
  expect(found(namespaceNotDiscoveredPage.bad)).toEqual([
    'error: Connections of captured pods fail: discoverySelectors leave out namespace "shop".',
  ])
})

it('namespace-not-discovered reports nothing for the good example of its page', () => {
  expect(found(namespaceNotDiscoveredPage.good)).toEqual([])
})

const install = (...discoverySelectors: readonly unknown[]): string =>
  object('Istio', 'default', { spec: { values: { meshConfig: { discoverySelectors } } } })
const TEAM = { matchLabels: { team: 'a' } }

it.each<[string, string, string[]]>([
  [
    'policies in a namespace outside of ambient mode',
    documents(
      install(TEAM),
      namespace('apps', { labels: { team: 'a' } }),
      namespace('istio-system', { ambient: false }),
      authorizationPolicy('istio-system/all'),
    ),
    [
      'error: No policy of this namespace is enforced: discoverySelectors leave out namespace "istio-system".',
    ],
  ],
  [
    'an expression',
    documents(
      install({ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['lab'] }] }),
      namespace('bench', { labels: { zone: 'lab' } }),
      authorizationPolicy('bench/get'),
    ),
    [
      'error: Connections of captured pods fail and no policy is enforced: discoverySelectors leave out namespace "bench".',
    ],
  ],
])('reports %s', (_, text, expected) => {
  expect(found(text)).toEqual(expected)
})

it.each<[string, string]>([
  [
    'one of several selectors selects it',
    documents(install(TEAM, { matchLabels: { x: 'y' } }), namespace('a', { labels: { x: 'y' } })),
  ],
  ['a selector selects every namespace', documents(install(TEAM, {}), namespace('a'))],
  [
    'a selector selects it by its name',
    documents(install({ matchLabels: { 'kubernetes.io/metadata.name': 'a' } }), namespace('a')),
  ],
  [
    'another tool fills in the selector',
    documents(install({ matchLabels: { team: '${TEAM}' } }), namespace('a')),
  ],
  [
    'another tool fills in the label',
    documents(install(TEAM), namespace('a', { labels: { team: '${TEAM}' } })),
  ],
  [
    'the namespace has nothing of the mesh',
    documents(
      install(TEAM),
      namespace('b', { labels: { team: 'a' } }),
      namespace('a', { ambient: false }),
    ),
  ],
  ['no selector is set', documents(install(), namespace('a'))],
])('reports nothing if %s', (_, text) => {
  expect(found(text)).toEqual([])
})

it('reports nothing else about what istiod does not read', () => {
  const text = documents(
    install(TEAM),
    namespace('apps', { labels: { team: 'a' } }),
    namespace('dark'),
    deployment('dark/api'),
    authorizationPolicy('dark/get', {
      app: 'api',
      rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
    }),
  )
  expect(findingsOf(analyse(text)).map((finding) => finding.rule)).toEqual([rule])
})

it('adds the label that a selector requires', () => {
  expectFixed(namespaceNotDiscoveredPage.bad, {
    rule,
    title: 'Add mesh: enabled to namespace "shop"',
  })
})
