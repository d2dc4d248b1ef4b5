import { expect, it } from 'vitest'
import { ACCOUNT, APP, findingsByMesh, inShop, NAMESPACE, POLICY } from '../testing/overlays.js'
import { replaceIn } from '../testing/replaceIn.js'
import { WorkspaceMeshes } from './workspaceMeshes.js'

const L7_POLICY = `${POLICY}    to: [{operation: {methods: ["GET"]}}]\n`
const BASE = {
  '/w/base/kustomization.yaml': 'resources: [ns.yaml, app.yaml, policy.yaml, account.yaml]\n',
  '/w/base/ns.yaml': replaceIn(NAMESPACE, ['any', 'shop']),
  '/w/base/app.yaml': inShop(APP),
  '/w/base/policy.yaml': inShop(replaceIn(L7_POLICY, ['ns/web/sa/web', 'ns/shop/sa/api'])),
  '/w/base/account.yaml': inShop(ACCOUNT),
}
const OTHER_NAMESPACE = `${replaceIn(NAMESPACE, ['any', 'tools'])}---\n${replaceIn(ACCOUNT, ['{', '{namespace: tools, '])}`
const OWN_POLICY = inShop(replaceIn(POLICY, ['readers', 'own'], ['app: api', 'app: none']))

/** A base and overlays that change nothing, but have the given files of their own. */
function load(own: readonly Record<string, string>[]): {
  readonly meshes: WorkspaceMeshes
  readonly edit: (file: string, text: string | undefined) => ReadonlySet<string>
} {
  const files = new Map<string, string>(Object.entries(BASE))
  for (const [index, added] of own.entries()) {
    const names = ['../base', ...Object.keys(added)].join(', ')
    files.set(`/w/o${String(index)}/kustomization.yaml`, `resources: [${names}]\n`)
    for (const [name, text] of Object.entries(added))
      files.set(`/w/o${String(index)}/${name}`, text)
  }
  const meshes = new WorkspaceMeshes('/w', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => files.get(file),
  })
  meshes.update([...files].map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  findingsByMesh(meshes)
  return {
    meshes,
    edit: (file, text) => {
      if (text === undefined) files.delete(file)
      else files.set(file, text)
      return meshes.update([{ file, text }]).files
    },
  }
}

const runsOf = (meshes: WorkspaceMeshes): number[] => meshes.analyses().map(({ mesh }) => mesh.runs)

it('an overlay that changes nothing computes nothing', () => {
  const { meshes } = load([{}, {}, {}, {}])
  const [first = 0, ...others] = runsOf(meshes)
  expect(first).toBeGreaterThan(20)
  // Each mesh looks whether the installs agree.
  expect(others.every((runs) => runs <= 1)).toBe(true)
  const [lines, ...same] = findingsByMesh(meshes)
  expect(lines).toHaveLength(1)
  for (const each of same) expect(each).toEqual(lines)
})

it('an overlay computes what depends on its own objects, and nothing else', () => {
  const { meshes } = load([
    {},
    { 'own.yaml': OTHER_NAMESPACE },
    { 'own.yaml': inShop(replaceIn(APP, ['name: api', 'name: b'])) },
  ])
  const [lender = 0, otherNamespace = 0, ownApp = 0] = runsOf(meshes)
  expect(otherNamespace).toBeGreaterThan(1)
  expect(otherNamespace * 2).toBeLessThan(lender)
  // The policy of the base selects this Deployment too.
  expect(ownApp).toBeGreaterThan(otherNamespace)
  const [, , lines] = findingsByMesh(meshes)
  expect(lines?.[0]).toContain('"api" and "b"')
})

it('an edit of the base is computed once, and its findings are new in every overlay', () => {
  const { meshes, edit } = load([{}, {}, {}])
  const before = runsOf(meshes)
  const stale = edit('/w/base/ns.yaml', replaceIn(BASE['/w/base/ns.yaml'], ['ambient', 'none']))
  expect([...stale].sort()).toEqual(
    expect.arrayContaining(['/w/base/policy.yaml', '/w/base/ns.yaml']),
  )
  for (const lines of findingsByMesh(meshes)) expect(lines.join()).not.toContain('l7-allow')
  const [first, ...others] = runsOf(meshes).map((runs, index) => runs - (before[index] ?? 0))
  expect(first).toBeGreaterThan(0)
  expect(others).toEqual([0, 0])
})

it('an edit of one overlay changes the findings of this overlay only', () => {
  const { meshes, edit } = load([{ 'own.yaml': OWN_POLICY }, { 'own.yaml': OWN_POLICY }])
  const [first, second] = findingsByMesh(meshes)
  expect(edit('/w/o0/own.yaml', inShop(replaceIn(APP, ['name: api', 'name: b'])))).toContain(
    '/w/base/policy.yaml',
  )
  const [edited, other] = findingsByMesh(meshes)
  expect(edited?.join()).toContain('"api" and "b"')
  expect(other).toEqual(second)
  edit('/w/o0/own.yaml', OWN_POLICY)
  edit('/w/o1/own.yaml', inShop(replaceIn(APP, ['name: api', 'name: b'])))
  const [back, last] = findingsByMesh(meshes)
  expect(back).toEqual(first)
  expect(last?.join()).toContain('"api" and "b"')
})

it('overlays take nothing from each other where an object has several definitions', () => {
  const { meshes, edit } = load([{}, { 'own.yaml': OWN_POLICY }, {}])
  edit('/w/o1/own.yaml', replaceIn(NAMESPACE, ['any', 'shop'], ['ambient', 'none']))
  const [first, variants, third] = findingsByMesh(meshes)
  expect(first?.join()).toContain('l7-allow-rule-dropped')
  expect(variants?.join()).not.toContain('l7-allow-rule-dropped')
  expect(third).toEqual(first)
  edit('/w/o1/own.yaml', OWN_POLICY)
  expect(findingsByMesh(meshes)[1]?.join()).toContain('l7-allow-rule-dropped')
})
