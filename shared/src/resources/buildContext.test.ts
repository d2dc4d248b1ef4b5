import { expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { analyse, type Files } from '../testing/index.js'
import { readKustomization } from './kustomization.js'
import { joinPath } from './paths.js'

const pod = (name: string, namespace?: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}`
const podsOf = (files: Files): string[] =>
  analyse(files)
    .mesh.workloadsAt(keys.allWorkloads())
    .map(({ namespace, name, namespaceSource }) => `${namespace}/${name} ${namespaceSource}`)
    .sort()

it.each<[string, Files, string[]]>([
  ['its own', { 'a/p.yaml': pod('p', 'shop') }, ['shop/p object']],
  [
    'without one: an id for each folder',
    { 'a/p.yaml': pod('p'), 'b/p.yaml': pod('q'), 'p.yaml': pod('r') },
    ['?/r unnamed', '?a/p unnamed', '?b/q unnamed'],
  ],
  [
    'a kustomization',
    {
      'a/kustomization.yaml': 'namespace: shop\nresources: [p.yaml]\n',
      'a/p.yaml': pod('p'),
      'a/q.yaml': pod('q'),
    },
    ['?a/q unnamed', 'shop/p kustomization'],
  ],
  [
    'a kustomization overrides its own',
    {
      'a/kustomization.yaml': 'namespace: shop\nresources: [p.yaml]\n',
      'a/p.yaml': pod('p', 'own'),
    },
    ['shop/p kustomization'],
  ],
  [
    'an overlay',
    {
      'base/kustomization.yaml': 'resources: [p.yaml]\n',
      'base/p.yaml': pod('p'),
      'prod/kustomization.yaml': 'namespace: prod\nresources: [../base]\n',
    },
    ['prod/p kustomization'],
  ],
  [
    'the outermost of two kustomizations',
    {
      'base/kustomization.yaml': 'namespace: inner\nresources: [p.yaml]\n',
      'base/p.yaml': pod('p'),
      'prod/kustomization.yaml': 'namespace: outer\nresources: [../base]\n',
    },
    ['outer/p kustomization'],
  ],
  [
    'two overlays with different namespaces',
    {
      'base/kustomization.yaml': 'resources: [p.yaml]\n',
      'base/p.yaml': pod('p'),
      'a/kustomization.yaml': 'namespace: a\nresources: [../base]\n',
      'b/kustomization.yaml': 'namespace: b\nbases: [../base]\n',
    },
    ['a/p kustomization', 'b/p kustomization'],
  ],
  [
    'kustomizations that include each other',
    {
      'a/kustomization.yaml': 'namespace: n\nresources: [../b, p.yaml]\n',
      'a/p.yaml': pod('p'),
      'b/kustomization.yaml': 'resources: [../a]\n',
    },
    ['?a/p unnamed'],
  ],
  [
    'a patch is no Pod',
    {
      'a/kustomization.yaml':
        'resources: [p.yaml]\npatches:\n- path: patch.yaml\n- patch: |-\n    kind: Pod\npatchesStrategicMerge: [q.yaml]\n',
      'a/p.yaml': pod('p', 'n'),
      'a/patch.yaml': pod('patch', 'n'),
      'a/q.yaml': pod('q', 'n'),
    },
    ['n/p object'],
  ],
  [
    'what a test of Chainsaw compares with objects, or merges into one, is no Pod',
    {
      'a/chainsaw-test.yaml':
        'spec:\n  steps:\n  - try:\n    - apply: {file: p.yaml}\n    - assert: {file: q.yaml}\n    - error: {file: ../b/r.yaml}\n    - patch: {file: s.yaml}\n',
      'a/p.yaml': pod('p', 'n'),
      'a/q.yaml': pod('q', 'n'),
      'a/s.yaml': pod('s', 'n'),
      'b/r.yaml': pod('r', 'n'),
      'b/q.yaml': pod('other', 'n'),
    },
    ['n/other object', 'n/p object'],
  ],
  [
    'what a step of kuttl expects is no Pod, but a kustomization can list the file',
    {
      'a/00-assert.yaml': pod('p', 'n'),
      'a/1-errors.yml': pod('q', 'n'),
      'a/00-install.yaml': pod('r', 'n'),
      'a/errors.yaml': pod('s', 'n'),
      'b/kustomization.yaml': 'resources: [00-assert.yaml]\n',
      'b/00-assert.yaml': pod('t', 'n'),
    },
    ['n/r object', 'n/s object', 'n/t object'],
  ],
  [
    'a document with a directive of a patch is no Pod',
    {
      'a/p.yaml': `$patch: delete\n${pod('p', 'n')}---\n${pod('q', 'n')}`,
      'a/r.yaml': `${pod('r', 'n')}spec:\n  containers:\n  - {name: x, $patch: delete}\n`,
      'a/s.yaml': `${pod('s', 'n')}  annotations: {note: "$patch: delete"}\n`,
    },
    ['n/q object', 'n/s object'],
  ],
  [
    'a chart template with an action is no Pod',
    {
      'c/Chart.yaml': 'name: c\n',
      'c/templates/a/p.yaml': `${pod('p', 'n')}---\n${pod('q', 'n')}  labels: {x: "{{ .Values.x }}"}\n`,
      'c/templates/r.yaml': pod('r', 'n'),
    },
    ['n/r object'],
  ],
  [
    'the same action outside of a chart is a value',
    { 'c/templates/p.yaml': `${pod('p', 'n')}  labels: {x: "{{ .Values.x }}"}\n` },
    ['n/p object'],
  ],
])('the namespace of a Pod: %s', (_, files, expected) => {
  expect(podsOf(files)).toEqual(expected)
})

it('the Pods of a file follow the steps of a test', () => {
  const analysis = analyse({ 'a/p.yaml': pod('p', 'n') })
  const pods = (): number => analysis.mesh.workloadsAt(keys.allWorkloads()).length
  analysis.update([{ file: 'a/chainsaw-test.yaml', text: 'assert: {file: p.yaml}\n' }])
  expect(pods()).toBe(0)
  analysis.update([{ file: 'a/chainsaw-test.yaml', text: 'create: {file: p.yaml}\n' }])
  expect(pods()).toBe(1)
})

it('the namespace follows a kustomization that is added, changed and removed', () => {
  const files: Record<string, string> = { 'a/p.yaml': pod('p') }
  const analysis = analyse(files)
  const namespaces = (): string[] =>
    analysis.mesh.workloadsAt(keys.allWorkloads()).map(({ namespace }) => namespace)
  const set = (text: string | undefined): void => {
    analysis.update([{ file: 'a/kustomization.yaml', text }])
  }
  expect(namespaces()).toEqual(['?a'])
  set('namespace: x\nresources: [p.yaml]\n')
  expect(namespaces()).toEqual(['x'])
  set('namespace: y\nresources: [p.yaml]\n')
  expect(namespaces()).toEqual(['y'])
  set('patches: [{path: p.yaml}]\n')
  expect(namespaces()).toEqual([])
  set(undefined)
  expect(namespaces()).toEqual(['?a'])
})

it('a base that is included on 2^39 paths is read in time', () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [
      `l${String(level)}/kustomization.yaml`,
      `resources: [../l${String(level + 1)}, ../l${String(level + 1)}, p.yaml]\n`,
    ]),
  )
  expect(
    podsOf({
      ...files,
      'l39/p.yaml': pod('p'),
      'l0/kustomization.yaml': 'namespace: n\nresources: [../l1]\n',
    }),
  ).toEqual(['n/p kustomization'])
})

it.each([
  ['resources: [https://github.com/a/b//c?ref=v1]', true],
  ['resources: [github.com/a/b/c]', true],
  ['resources: [git@github.com:a/b.git]', true],
  ['helmCharts: [{name: x}]', true],
  ['resources: [../base, a.yaml, deploy/a.yaml]', false],
])('%s has remote objects: %s', (text, expected) => {
  expect(readKustomization('kustomization.yaml', text)?.hasRemote).toBe(expected)
})

it.each([
  ['a/b', '../c', 'a/c'],
  ['', './x.yaml', 'x.yaml'],
  ['file:///w/a', '../b/', 'file:///w/b'],
])('%s joined with %s', (folder, relative, expected) => {
  expect(joinPath(folder, relative)).toBe(expected)
})
