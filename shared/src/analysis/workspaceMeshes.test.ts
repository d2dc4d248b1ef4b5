import { expect, it } from 'vitest'
import { replaceAllIn, replaceIn } from '../testing/replaceIn.js'
import { WorkspaceMeshes } from './workspaceMeshes.js'
import type { Files } from '../testing/index.js'

const namespace = (mode: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ${mode}}}\n`
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop, labels: {app: api}}\n'
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules: [{to: [{operation: {methods: [GET]}}]}]
`

function load(files: Record<string, string>, meshRoots: string[] = []): WorkspaceMeshes {
  const meshes = new WorkspaceMeshes('/w', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots,
    readText: (file) => files[file],
  })
  meshes.update(Object.entries(files).map(([file, text]) => ({ file, text })))
  return meshes
}

/** Findings of a file in each mesh that it belongs to. */
function rules(meshes: WorkspaceMeshes, file: string): string[][] {
  return meshes
    .analysesOf(file)
    .map((analysis) => analysis.findingsOf(file).map(({ rule, level }) => `${level} ${rule}`))
}

it('a folder is one mesh, also with a kustomization that lists only files', () => {
  const meshes = load({
    '/w/a/ns.yaml': namespace('ambient'),
    '/w/b/all.yaml': `${POD}---\n${POLICY}`,
    '/w/kustomization.yaml': 'resources: [a/ns.yaml, b/all.yaml]\n',
  })
  expect(meshes.updateMeshRoots().size).toBe(0)
  expect(meshes.analyses()).toHaveLength(1)
  expect(rules(meshes, '/w/b/all.yaml')).toEqual([['error l7-allow-rule-dropped']])
})

it('sibling folders that define one object differently are separate meshes, and a notice says so', () => {
  const files: Files = {
    '/w/prod/all.yaml': `${namespace('ambient')}---\n${POD}---\n${POLICY}`,
    '/w/staging/all.yaml': `${namespace('none')}---\n${POD}---\n${POLICY}`,
    '/w/other.yaml': replaceIn(POD, ['shop', 'elsewhere']),
  }
  const meshes = load({ ...files })
  expect([...meshes.updateMeshRoots()].sort()).toEqual([
    '/w/other.yaml',
    '/w/prod/all.yaml',
    '/w/staging/all.yaml',
  ])
  expect(meshes.analyses()).toHaveLength(3)
  expect(rules(meshes, '/w/prod/all.yaml')).toEqual([['error l7-allow-rule-dropped']])
  expect(rules(meshes, '/w/staging/all.yaml')).not.toContainEqual(['error l7-allow-rule-dropped'])
  expect(meshes.notices).toEqual([
    'Namespace "shop" is defined differently in "prod" and "staging": these folders are checked as separate meshes, each with the other files (setting meshRoots).',
  ])
  expect(meshes.updateMeshRoots().size).toBe(0)
})

it('sibling folders that are separate meshes and the files outside of them see each other', () => {
  const install = (profile: string): string =>
    `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: i, namespace: istio-system}\nspec: {profile: ${profile}}\n`
  const other = replaceIn(POLICY, ['[GET]', '[PUT]'])
  const meshes = (injection: string): WorkspaceMeshes => {
    const loaded = load({
      '/w/base/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: ${injection}}}\n`,
      '/w/base/pod.yaml': POD,
      '/w/cloud/policy.yaml': POLICY,
      '/w/local/policy.yaml': other,
      '/w/local/install.yaml': install('ambient'),
    })
    loaded.updateMeshRoots()
    return loaded
  }
  const sidecars = meshes('enabled')
  expect(sidecars.notices).toEqual([
    'AuthorizationPolicy "shop/readers" is defined differently in "cloud" and "local": these folders are checked as separate meshes, each with the other files (setting meshRoots).',
  ])
  for (const file of ['/w/cloud/policy.yaml', '/w/local/policy.yaml'])
    expect(rules(sidecars, file)).toEqual([[]])
  expect(
    sidecars
      .analysesOf('/w/base/pod.yaml')
      .map(({ mesh }) => mesh.all('AuthorizationPolicy').length),
  ).toEqual([2])
  const enrolled = meshes('disabled, istio.io/dataplane-mode: ambient')
  for (const file of ['/w/cloud/policy.yaml', '/w/local/policy.yaml'])
    expect(rules(enrolled, file)).toEqual([['error l7-allow-rule-dropped']])
})

it('a sibling folder sees the siblings that define no object differently', () => {
  const bot = (namespace: string, app: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: bot, namespace: ${namespace}, labels: {app: ${app}}}\n`
  const meshes = (mode: string): WorkspaceMeshes => {
    const loaded = load({
      '/w/apps/bot.yaml': bot('shop', 'a'),
      '/w/platform/bot.yaml': bot('shop', 'b'),
      '/w/platform/policy.yaml': POLICY,
      '/w/clusters/one.yaml': `${mode}---\n${POD}---\n${bot('tools', 'a')}`,
      '/w/bundles/two.yaml': bot('tools', 'b'),
    })
    loaded.updateMeshRoots()
    return loaded
  }
  const sidecars = meshes(replaceIn(namespace('none'), ['dataplane-mode: none', 'rev: stable']))
  expect(sidecars.notices).toEqual([
    'Pod "shop/bot" is defined differently in "apps" and "platform": these folders and 2 more folders are checked as separate meshes, each with the other files (setting meshRoots).',
  ])
  expect(rules(sidecars, '/w/platform/policy.yaml')).toEqual([[]])
  const podsOf = (file: string): unknown =>
    sidecars.analysesOf(file).map(({ mesh }) => mesh.all('Pod').length)
  expect(
    ['apps/bot', 'platform/bot', 'clusters/one', 'bundles/two'].map((file) =>
      podsOf(`/w/${file}.yaml`),
    ),
  ).toEqual([[4], [4], [4], [3]])
  const enrolled = meshes(namespace('ambient'))
  expect(rules(enrolled, '/w/platform/policy.yaml')).toEqual([['error l7-allow-rule-dropped']])
})

it('equal definitions, and different ones in one folder, do not split a folder into meshes', () => {
  const same = load({
    '/w/prod/all.yaml': namespace('ambient'),
    '/w/staging/all.yaml': namespace('ambient'),
  })
  expect(same.updateMeshRoots().size).toBe(0)
  const beside = load({ '/w/a.yaml': namespace('ambient'), '/w/b.yaml': namespace('none') })
  expect(beside.updateMeshRoots().size).toBe(0)
})

it('objects that kustomizations build split a folder only if the kustomizations are inside of the parts', () => {
  const service = (field: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {${field}}\n`
  const around = load({
    '/w/a/all.yaml': service('clusterIP: None'),
    '/w/b/all.yaml': replaceIn(service('type: NodePort'), [
      '{name: api}',
      '{name: api, namespace: shop}',
    ]),
    '/w/kustomization.yaml': 'resources: [a/all.yaml]\nnamespace: shop\n',
  })
  expect([
    around.updateMeshRoots().size,
    around.analyses().length,
    around.updateMeshRoots().size,
  ]).toEqual([0, 1, 0])
  const kustomization = 'resources: [all.yaml]\nnamespace: shop\n'
  const inside = load({
    '/w/a/all.yaml': service('clusterIP: None'),
    '/w/a/kustomization.yaml': kustomization,
    '/w/b/all.yaml': service('type: NodePort'),
    '/w/b/kustomization.yaml': kustomization,
  })
  expect([
    inside.updateMeshRoots().size > 0,
    inside.analyses().length,
    inside.updateMeshRoots().size,
  ]).toEqual([true, 2, 0])
})

it('each overlay is a mesh with all that it includes, and a base belongs to all of them', () => {
  const meshes = load({
    '/w/base/kustomization.yaml': 'resources: [all.yaml]\n',
    '/w/base/all.yaml': replaceAllIn(`${POD}---\n${POLICY}`, [', namespace: shop', '']),
    '/w/prod/kustomization.yaml': 'namespace: shop\nresources: [../base, ns.yaml]\n',
    '/w/prod/ns.yaml': namespace('ambient'),
    '/w/dev/kustomization.yaml': 'namespace: dev\nresources: [../base, ns.yaml]\n',
    '/w/dev/ns.yaml': replaceIn(namespace('none'), ['shop', 'dev']),
  })
  meshes.updateMeshRoots()
  expect(meshes.analyses()).toHaveLength(2)
  expect(rules(meshes, '/w/base/all.yaml')).toContainEqual(['error l7-allow-rule-dropped'])
  expect(
    rules(meshes, '/w/base/all.yaml').filter((found) =>
      found.includes('error l7-allow-rule-dropped'),
    ),
  ).toHaveLength(1)
  expect(meshes.notices).toEqual([
    'Each kustomize overlay is checked as a mesh of its own: "dev" and "prod" (setting meshRoots).',
  ])
})

it('the setting meshRoots decides the meshes alone', () => {
  const meshes = load(
    { '/w/prod/all.yaml': namespace('ambient'), '/w/staging/all.yaml': namespace('none') },
    ['prod'],
  )
  expect(meshes.updateMeshRoots().size).toBe(0)
  expect(meshes.analysesOf('/w/prod/all.yaml')[0]).not.toBe(
    meshes.analysesOf('/w/staging/all.yaml')[0],
  )
})

const COMMON = {
  '/w/policies/all.yaml': `${namespace('ambient')}---\n${POLICY}`,
  '/w/base/pod.yaml': replaceIn(POD, [', namespace: shop', '']),
  '/w/base/kustomization.yaml': 'resources: [pod.yaml]\n',
}

it('files outside of all overlays and the overlays see each other', () => {
  const meshes = load({
    ...COMMON,
    '/w/prod/kustomization.yaml': 'namespace: shop\nresources: [../base]\n',
    '/w/dev/kustomization.yaml': 'namespace: dev\nresources: [../base]\n',
  })
  meshes.updateMeshRoots()
  expect(rules(meshes, '/w/policies/all.yaml')).toEqual([['error l7-allow-rule-dropped']])
  expect(
    meshes.analysesOf('/w/base/pod.yaml').map(({ mesh }) => mesh.all('AuthorizationPolicy').length),
  ).toEqual([1, 1])
  expect(
    meshes.analyses().flatMap((analysis) => analysis.findingsOf('/w/policies/all.yaml')),
  ).toHaveLength(1)
  expect(meshes.notices).toEqual([
    'Each kustomize overlay is checked as a mesh of its own: "dev" and "prod", and the other files with all of them (setting meshRoots).',
  ])
})

it.each<[string, Record<string, string>]>([
  ['one overlay', { '/w/prod/kustomization.yaml': 'namespace: shop\nresources: [../base]\n' }],
  [
    'a kustomization that only lists folders below itself',
    {
      '/w/app/kustomization.yaml': 'resources: [shop, other]\n',
      '/w/app/shop/kustomization.yaml': 'namespace: shop\nresources: [pod.yaml]\n',
      '/w/app/shop/pod.yaml': COMMON['/w/base/pod.yaml'],
      '/w/app/other/kustomization.yaml': 'namespace: other\nresources: [pod.yaml]\n',
      '/w/app/other/pod.yaml': COMMON['/w/base/pod.yaml'],
    },
  ],
])('%s does not split a folder', (_, files) => {
  const meshes = load({ ...COMMON, ...files })
  expect([meshes.updateMeshRoots().size, meshes.analyses().length]).toEqual([0, 1])
  expect(rules(meshes, '/w/policies/all.yaml')).toEqual([['error l7-allow-rule-dropped']])
  expect(meshes.notices).toEqual([])
})
