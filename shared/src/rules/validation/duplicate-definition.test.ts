import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  findingsOf,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { duplicateDefinition } from './duplicate-definition.js'
import { duplicateDefinitionPage } from './duplicate-definition.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = duplicateDefinition
const bad = withoutArrows(duplicateDefinitionPage.bad)
const { good } = duplicateDefinitionPage
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
const twiceInMesh = (text: string, change: (text: string) => string): Files => ({
  ...twice(text, change),
  'namespace.yaml': NAMESPACE,
})

it('marks the first definition', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '  name: api-callers\n',
      '  name: api-callers\n' +
        '  #     ^^^^^^^^^^^ duplicate-definition: This AuthorizationPolicy has another definition with different content: these files do not show which one is in the cluster.\n',
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('reports once for an object and refers to the other definitions', () => {
  const files = {
    'a.yaml': good,
    'b.yaml': good,
    'c.yaml': replaceIn(good, ['shop/web', 'shop/cart']),
    'd.yaml': replaceIn(good, ['ALLOW', 'DENY']),
  }
  expect(said(files)).toEqual([
    'a.yaml:4:9-11 This AuthorizationPolicy has 2 other definitions with different ' +
      'content: these files do not show which one is in the cluster.',
  ])
  expect(
    findingsOf(analyse(files))
      .filter(({ rule }) => rule === name)
      .map(({ level, related }) => [level, related.length]),
  ).toEqual([['information', 2]])
})

it('follows a second definition that is added and removed in another file', () => {
  const analysis = analyse({ 'a.yaml': good, 'b.yaml': '' })
  expect(findingsOf(analysis)).toEqual([])
  const marked = (text: string): number[] => {
    const { files } = analysis.update([{ file: 'b.yaml', text }])
    return ['a.yaml', 'b.yaml'].map((file) =>
      files.has(file) ? analysis.findingsOf(file).filter(({ rule }) => rule === name).length : -1,
    )
  }
  expect(marked(replaceIn(good, ['shop/web', 'shop/cart']))).toEqual([1, 0])
  expect(
    marked(replaceIn(good, ['shop/web', 'shop/other'], ['name: api-callers', 'name: others'])),
  ).toEqual([0, 0])
})

describe('a difference', () => {
  it.each([
    ["a namespace's enrolment", twice(NAMESPACE, (text) => replaceIn(text, ['ambient', 'none']))],
    [
      'the labels of pods',
      twiceInMesh(DEPLOYMENT, (text) => replaceIn(text, ['        app: api', '        app: web'])),
    ],
    [
      'the account of pods',
      twiceInMesh(DEPLOYMENT, (text) =>
        replaceIn(text, ['      containers:', '      serviceAccountName: api\n      containers:']),
      ),
    ],
    ['the ports of pods', twiceInMesh(DEPLOYMENT, (text) => replaceIn(text, ['8080', '9090']))],
    [
      'an Istio annotation',
      twice(good, (text) =>
        replaceIn(text, [
          '  name: api-callers\n',
          '  name: api-callers\n  annotations: {istio.io/dry-run: "true"}\n',
        ]),
      ),
    ],
  ])('is reported in %s', (_, files) => {
    expect(said(files).length).toBe(1)
  })

  it.each([
    [
      'an image, replicas or a probe',
      twice(DEPLOYMENT, (text) =>
        replaceIn(
          text,
          [
            'image: example/api',
            'image: example/api:2\n          livenessProbe: {tcpSocket: {port: 8080}}',
          ],
          ['spec:\n', 'spec:\n  replicas: 3\n'],
        ),
      ),
    ],
    [
      'a label of the object',
      twice(good, (text) =>
        replaceIn(text, [
          '  name: api-callers\n',
          '  name: api-callers\n  labels: {team: shop}\n  annotations: {owner: me}\n',
        ]),
      ),
    ],
    [
      'the release label of a chart',
      twice(DEPLOYMENT, (text) =>
        replaceIn(text, ['        app: api', '        app: api\n        helm.sh/chart: api-1.0']),
      ),
    ],
    ['an error of syntax', twice(good, (text) => `${text}extra: "no end\n`)],
    ['the API version', twice(good, (text) => replaceIn(text, ['/v1\n', '/v1beta1\n']))],
    [
      'comments and layout',
      twice(good, (text) =>
        replaceIn(text, ['matchLabels:\n      app: api', 'matchLabels: {app: api} # the API']),
      ),
    ],
  ])('is not reported in %s', (_, files) => {
    expect(said(files)).toEqual([])
  })
})

it.each([
  ['the copies are identical', twice(good, (text) => text)],
  [
    'an object has no namespace',
    twice(replaceIn(good, ['  namespace: shop\n', '']), (text) =>
      replaceIn(text, ['ALLOW', 'DENY']),
    ),
  ],
  [
    'the names differ',
    twice(good, (text) => replaceIn(text, ['name: api-callers', 'name: other'], ['ALLOW', 'DENY'])),
  ],
  [
    'the namespaces differ',
    twice(good, (text) =>
      replaceIn(text, ['namespace: shop', 'namespace: web'], ['ALLOW', 'DENY']),
    ),
  ],
  [
    'the kinds differ',
    {
      'a.yaml': good,
      'b.yaml': replaceIn(
        good,
        ['AuthorizationPolicy', 'RequestAuthentication'],
        [/ {2}action[^]*$/, ''],
      ),
    },
  ],
  [
    'another tool fills in a value',
    twice(good, (text) => replaceIn(text, ['shop/web', '${ACCOUNT}'])),
  ],
])('reports nothing where %s', (_, files) => {
  expect(said(files)).toEqual([])
})

describe('objects that two folders define differently', () => {
  const policies = (source: string, names: readonly string[]): string =>
    names.map((each) => replaceIn(good, ['api-callers', each], ['shop/web', source])).join('---\n')
  const names = ['one', 'two', 'three']

  it('have one finding for the pair of folders', () => {
    const files = {
      'dev/a.yaml': policies('shop/web', names),
      'prod/b.yaml': policies('shop/cart', names),
    }
    expect(said(files)).toEqual([
      'dev/a.yaml:4:9-3 This AuthorizationPolicy and 2 more objects have several different ' +
        'definitions: these files do not show which are in the cluster.',
    ])
  })

  it('have one finding for each pair', () => {
    const files = {
      'dev/a.yaml': policies('shop/web', names),
      'prod/b.yaml': policies('shop/cart', ['one']),
      'test/c.yaml': policies('shop/cart', ['two', 'three']),
    }
    expect(said(files).map((line) => line.split(' definition')[0])).toEqual([
      expect.stringMatching(/1 more object/),
      expect.stringMatching(/another/),
    ])
  })

  it('have no finding if they are equal', () => {
    const text = policies('shop/web', names)
    expect(said({ 'dev/a.yaml': text, 'prod/b.yaml': text })).toEqual([])
  })
})
