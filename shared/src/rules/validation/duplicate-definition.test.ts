import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  findingsOf,
  type Files,
} from '../../testing/index.js'
import { duplicateDefinition } from './duplicate-definition.js'
import { duplicateDefinitionPage } from './duplicate-definition.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = duplicateDefinition
const { bad, good } = duplicateDefinitionPage
const rules = [name]
const said = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/ \S+ duplicate-definition: /, ' '))
const twice = (text: string, change: (text: string) => string): Files => ({
  'a.yaml': text,
  'b.yaml': change(text),
})
const [NAMESPACE = '', DEPLOYMENT = ''] = AMBIENT_SHOP.split('---\n')

it('marks the first definition', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '  name: api-callers\n',
      '  name: api-callers\n  #     ^^^^^^^^^^^ duplicate-definition: This AuthorizationPolicy is defined once more with other content: the files do not tell which one is in the cluster.\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('speaks once for an object, and points at the others', () => {
  const files = {
    'a.yaml': good,
    'b.yaml': good,
    'c.yaml': good.replace('shop/web', 'shop/cart'),
    'd.yaml': good.replace('ALLOW', 'DENY'),
  }
  expect(said(files)).toEqual([
    'a.yaml:4:9-11 This AuthorizationPolicy is defined 2 times more with other content: the files do not tell which one is in the cluster.',
  ])
  expect(
    findingsOf(analyse(files))
      .filter(({ rule }) => rule === name)
      .map(({ level, related }) => [level, related.length]),
  ).toEqual([['information', 2]])
})

it('follows the coming and going of a second definition in another file', () => {
  const analysis = analyse({ 'a.yaml': good, 'b.yaml': '' })
  expect(findingsOf(analysis)).toEqual([])
  const marked = (text: string): number[] => {
    const { files } = analysis.update([{ file: 'b.yaml', text }])
    return ['a.yaml', 'b.yaml'].map((file) =>
      files.has(file) ? analysis.findingsOf(file).filter(({ rule }) => rule === name).length : -1,
    )
  }
  expect(marked(good.replace('shop/web', 'shop/cart'))).toEqual([1, 0])
  expect(
    marked(good.replace('shop/web', 'shop/other').replace('name: api-callers', 'name: others')),
  ).toEqual([0, 0])
})

describe('what a verdict reads', () => {
  it.each([
    ["a namespace's enrolment", twice(NAMESPACE, (text) => text.replace('ambient', 'none'))],
    [
      'the labels of pods',
      twice(DEPLOYMENT, (text) => text.replace('        app: api', '        app: web')),
    ],
    [
      'their account',
      twice(DEPLOYMENT, (text) =>
        text.replace('      containers:', '      serviceAccountName: api\n      containers:'),
      ),
    ],
    ['their ports', twice(DEPLOYMENT, (text) => text.replace('8080', '9090'))],
    [
      'an annotation of Istio',
      twice(good, (text) =>
        text.replace(
          '  name: api-callers\n',
          '  name: api-callers\n  annotations: {istio.io/dry-run: "true"}\n',
        ),
      ),
    ],
  ])('is %s', (_, files) => {
    expect(said(files).length).toBe(1)
  })

  it.each([
    [
      'an image, replicas or a probe',
      twice(DEPLOYMENT, (text) =>
        text
          .replace(
            'image: example/api',
            'image: example/api:2\n          livenessProbe: {tcpSocket: {port: 8080}}',
          )
          .replace('spec:\n', 'spec:\n  replicas: 3\n'),
      ),
    ],
    [
      'a label of the object',
      twice(good, (text) =>
        text.replace(
          '  name: api-callers\n',
          '  name: api-callers\n  labels: {team: shop}\n  annotations: {owner: me}\n',
        ),
      ),
    ],
    [
      'the release of a chart',
      twice(DEPLOYMENT, (text) =>
        text.replace('        app: api', '        app: api\n        helm.sh/chart: api-1.0'),
      ),
    ],
    ['the version of the API', twice(good, (text) => text.replace('/v1\n', '/v1beta1\n'))],
    [
      'comments and layout',
      twice(good, (text) =>
        text.replace('matchLabels:\n      app: api', 'matchLabels: {app: api} # the API'),
      ),
    ],
  ])('is not %s', (_, files) => {
    expect(said(files)).toEqual([])
  })
})

it.each([
  ['the copies are identical', twice(good, (text) => text)],
  [
    'the namespace is not written',
    twice(good.replace('  namespace: shop\n', ''), (text) => text.replace('ALLOW', 'DENY')),
  ],
  [
    'the names differ',
    twice(good, (text) =>
      text.replace('name: api-callers', 'name: other').replace('ALLOW', 'DENY'),
    ),
  ],
  [
    'the namespaces differ',
    twice(good, (text) =>
      text.replace('namespace: shop', 'namespace: web').replace('ALLOW', 'DENY'),
    ),
  ],
  [
    'the kinds differ',
    {
      'a.yaml': good,
      'b.yaml': good
        .replace('AuthorizationPolicy', 'RequestAuthentication')
        .replace(/ {2}action[^]*$/, ''),
    },
  ],
  ['another tool fills in a value', twice(good, (text) => text.replace('shop/web', '${ACCOUNT}'))],
])('is silent where %s', (_, files) => {
  expect(said(files)).toEqual([])
})
