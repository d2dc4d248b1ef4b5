import { expect, it } from 'vitest'
import { APP, loadWorkspace, NAMESPACE, PATCH, POLICY } from '../testing/overlays.js'
import { replaceIn } from '../testing/replaceIn.js'
import type { WorkspaceMeshes } from './workspaceMeshes.js'

const BASE = '/w/base/app.yaml'
const PATCHED = '/w/base/policy.yaml'

/** The different objects that the meshes have for a file. */
function objectsIn(meshes: WorkspaceMeshes, file: string): Set<unknown> {
  const objects = meshes
    .analyses()
    .flatMap(({ files }) => files.get(file)?.documents ?? [])
    .flatMap(({ facts }) => facts.resources)
  expect(objects.length).toBeGreaterThan(1)
  return new Set(objects)
}

it('an object that no kustomization changes is read once for all overlays', () => {
  const meshes = loadWorkspace({
    '/w/base/kustomization.yaml': 'resources: [app.yaml]\n',
    [BASE]: APP,
    '/w/one/kustomization.yaml': 'resources: [../base, ns.yaml]\n',
    '/w/one/ns.yaml': NAMESPACE,
    '/w/two/kustomization.yaml': 'resources: [../base]\n',
  })
  expect(objectsIn(meshes, BASE).size).toBe(1)
})

it('each overlay has an object of its own where its kustomization changes it', () => {
  const meshes = loadWorkspace({
    '/w/base/kustomization.yaml': 'resources: [policy.yaml]\n',
    [PATCHED]: POLICY,
    '/w/one/kustomization.yaml': 'resources: [../base, ns.yaml]\n',
    '/w/one/ns.yaml': NAMESPACE,
    '/w/two/kustomization.yaml': 'resources: [../base]\npatches: [{path: patch.yaml}]\n',
    '/w/two/patch.yaml': PATCH,
  })
  expect(objectsIn(meshes, PATCHED).size).toBe(2)
})

it('an object that all overlays have in common is still one object after edits', () => {
  const files: Record<string, string> = {
    '/w/base/kustomization.yaml': 'resources: [app.yaml]\n',
    [BASE]: APP,
    '/w/one/kustomization.yaml': 'resources: [../base, ns.yaml]\n',
    '/w/one/ns.yaml': NAMESPACE,
    '/w/two/kustomization.yaml': 'resources: [../base]\n',
  }
  const meshes = loadWorkspace(files)
  const edit = (file: string, text: string): void => {
    files[file] = text
    meshes.update([{ file, text, open: true }])
  }
  const before = objectsIn(meshes, BASE)
  edit(BASE, replaceIn(APP, ['app: api', 'app: web']))
  expect(objectsIn(meshes, BASE).size).toBe(1)
  expect(objectsIn(meshes, BASE)).not.toEqual(before)
  edit('/w/base/kustomization.yaml', 'resources: [app.yaml]\nlabels: [{pairs: {a: b}}]\n')
  expect(objectsIn(meshes, BASE).size).toBe(1)
})
