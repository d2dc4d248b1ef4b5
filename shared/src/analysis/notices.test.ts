import { expect, it } from 'vitest'
import {
  ACCOUNT,
  BASE,
  findingsByMesh,
  loadWorkspace,
  PATCH,
  production,
} from '../testing/overlays.js'
import { replaceIn } from '../testing/replaceIn.js'

const SPLIT =
  'Each kustomize overlay is checked as a mesh of its own: "production" and "staging" (setting meshRoots).'
const WITHOUT = (what: string): string =>
  `"production/kustomization.yaml" is applied without ${what}. Findings that depend on this are not reported.`

it.each<[string, Record<string, string>, string[]]>([
  [
    'a patch file that is missing',
    production('patches: [{path: gone.yaml}]\n'),
    [WITHOUT('the patch "production/gone.yaml"')],
  ],
  [
    'a patch that is no valid YAML',
    production('patches: [{path: p.yaml}]\n', { '/w/production/p.yaml': 'spec: [\n' }),
    [WITHOUT('the patch "production/p.yaml"')],
  ],
  [
    'a patch that matches no object',
    production('patches: [{path: p.yaml}]\n', {
      '/w/production/p.yaml': replaceIn(PATCH, ['readers', 'other']),
    }),
    [],
  ],
  [
    'an operation whose path does not exist',
    production(
      'patches: [{target: {kind: Deployment}, patch: "- {op: remove, path: /spec/none}"}]\n',
    ),
    [],
  ],
  [
    'an operation that is not supported',
    production(
      'patches: [{target: {kind: Deployment}, patch: "- {op: move, from: /a, path: /b}"}]\n',
    ),
    [WITHOUT('an inline patch')],
  ],
  [
    'a pattern with syntax that is not read',
    production('patches: [{target: {name: "(?i)a+$"}, patch: "- {op: remove, path: /b}"}]\n'),
    [WITHOUT('an inline patch')],
  ],
  [
    'a base that is not among the files',
    {
      ...production(''),
      '/w/production/kustomization.yaml':
        'resources: [../base, ../elsewhere]\ncomponents: [../c]\n',
    },
    [WITHOUT('"elsewhere" (not in these files) and "c" (not in these files)')],
  ],
  [
    'fields that are not supported',
    production('replacements: []\ntransformers: [x.yaml]\nconfigMapGenerator: []\n'),
    [WITHOUT('"replacements" and "transformers"')],
  ],
  [
    'remote resources and charts',
    production('bases: ["https://a.b/c"]\nhelmCharts: [{name: x}]\n'),
    [WITHOUT('"helmCharts" and remote resources')],
  ],
  [
    'kustomizations that include each other',
    {
      ...production('components: [.., ../base, ../production]\n'),
      '/w/base/kustomization.yaml':
        'resources: [policy.yaml, ../production]\ncomponents: [../base]\n',
    },
    [WITHOUT('"." (not in these files)')],
  ],
  [
    'fields of the wrong type',
    production(
      'patches: {a: b}\nlabels: x\ncomponents: [[]]\nnamePrefix: [1]\npatchesStrategicMerge: [{}]\n',
    ),
    [],
  ],
])('a notice names what a kustomization is applied without: %s', (_, files, notices) => {
  const meshes = loadWorkspace(files)
  expect(meshes.notices.filter((notice) => notice !== SPLIT)).toEqual(notices)
  expect(findingsByMesh(meshes).flat()).toEqual([])
})

it('notices name at most five kustomizations, and each only once', () => {
  const files = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [
      `/w/o${String(index)}/kustomization.yaml`,
      'resources: [../base]\nvars: []\n',
    ]),
  )
  const { notices } = loadWorkspace({
    ...BASE,
    '/w/base/kustomization.yaml': 'resources: [ns.yaml]\nvars: []\n',
    ...files,
  })
  expect(notices).toHaveLength(7)
  expect(notices[0]).toBe(
    'Each kustomize overlay is checked as a mesh of its own: "o0", "o1", "o2", "o3", "o4" and 5 more overlays (setting meshRoots).',
  )
  expect(
    notices.filter((notice) => notice.startsWith('Kustomization "base"')).length,
  ).toBeLessThanOrEqual(1)
  expect(notices.at(-1)).toBe('The same is true for 5 more kustomizations.')
})

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n'
const POLICY = replaceIn(
  SERVICE,
  ['v1', 'security.istio.io/v1'],
  ['Service', 'AuthorizationPolicy'],
)

it('one notice for each chart names what is unknown and what to do', () => {
  expect(
    loadWorkspace({
      '/w/a/Chart.yaml': 'name: a\n',
      '/w/a/templates/x.yaml': SERVICE,
      '/w/a/templates/y.yaml': POLICY,
      '/w/Chart.yaml': 'name: b\n',
      '/w/templates/y.yaml': SERVICE,
    }).notices,
  ).toEqual([
    'Helm chart "a" is not rendered, and its objects are unknown: templates/x.yaml (Service) and templates/y.yaml (AuthorizationPolicy). Check it with --helm, or check the output of "helm template a".',
    'Helm chart "." is not rendered, and its objects are unknown: templates/y.yaml (Service). Check it with --helm, or check the output of "helm template .".',
  ])
})

it('one notice names all templates that belong to no chart', () => {
  const files = Object.fromEntries(
    Array.from({ length: 7 }, (_, index) => [`/w/t/${String(index)}.yaml`, SERVICE]),
  )
  expect(loadWorkspace({ '/w/a.yaml': `${POLICY}---\n${SERVICE}` }).notices).toEqual([
    'Templates are not rendered, and their objects are unknown: a.yaml (AuthorizationPolicy and Service). Check the rendered files.',
  ])
  expect(loadWorkspace({ '/w/a.yaml': POLICY, ...files }).notices[0]).toMatch(/ and 3 more\. Check/)
  expect(loadWorkspace(files).notices).toEqual([])
})

it('a chart whose templates are literal has no notice', () => {
  expect(
    loadWorkspace({ '/w/a/Chart.yaml': 'name: a\n', '/w/a/templates/x.yaml': ACCOUNT }).notices,
  ).toEqual([])
})

it('no notice about a chart or a kustomization if no object has to do with Istio', () => {
  expect(
    loadWorkspace({
      '/w/a/Chart.yaml': 'name: a\n',
      '/w/a/templates/x.yaml': SERVICE,
      '/w/b/kustomization.yaml': 'resources: [account.yaml]\nvars: []\n',
      '/w/b/account.yaml': ACCOUNT,
    }).notices,
  ).toEqual([])
})
