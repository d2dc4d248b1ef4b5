import { expect, it } from 'vitest'
import type { Finding } from '../rules/finding.js'
import { titleWithEffect, type Fix } from '../rules/fix.js'
import { analyse } from '../testing/index.js'
import { closedFixes } from './closedFixes.js'
import { effectInWords, proveChange, provenFix } from './fixProof.js'
import { WorkspaceMeshes } from './workspaceMeshes.js'

const MESH = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {serviceAccountName: api, containers: [{name: api, image: api, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {serviceAccountName: web, containers: [{name: web, image: web}]}
`
const deny = (name: string, account = 'shop/web'): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  action: DENY
  rules: [{from: [{source: {serviceAccounts: [${account}]}}]}]
`
const FIX: Fix = { title: 'Remove the policy', preferred: true, safe: true, edits: [] }

it('a change that removes a DENY policy opens what the policy denies', () => {
  const analysis = analyse({ 'mesh.yaml': MESH, 'deny.yaml': deny('a') })
  const proof = proveChange([analysis], [{ file: 'deny.yaml', text: '' }], [])
  expect(proof.opens.map(effectInWords)).toEqual(['shop/web, to workload shop/api port 8080'])
  expect(proof).toMatchObject({ allows: [], closes: [], notCompared: [], isClosed: false })
  expect(provenFix(FIX, proof)).toEqual({
    title: 'Remove the policy (opens: shop/web, to workload shop/api port 8080)',
    preferred: false,
    safe: false,
    edits: [],
  })
})

it('a title that says what the fix opens stays', () => {
  const analysis = analyse({ 'mesh.yaml': MESH, 'deny.yaml': deny('a') })
  const proof = proveChange([analysis], [{ file: 'deny.yaml', text: '' }], [])
  const fix = { ...FIX, ...titleWithEffect('Remove the policy', 'shop/web is then allowed') }
  expect(provenFix(fix, proof)).toEqual({ ...fix, preferred: false, safe: false })
})

it('a label in a title does not count as what the fix opens', () => {
  const analysis = analyse({ 'mesh.yaml': MESH, 'deny.yaml': deny('a') })
  const proof = proveChange([analysis], [{ file: 'deny.yaml', text: '' }], [])
  expect(provenFix({ ...FIX, title: 'Add team: shop to the pods' }, proof).title).toBe(
    'Add team: shop to the pods (opens: shop/web, to workload shop/api port 8080)',
  )
})

it('a change that adds a DENY policy closes what the policy denies, and stays safe', () => {
  const analysis = analyse({ 'mesh.yaml': MESH, 'deny.yaml': '' })
  const proof = proveChange([analysis], [{ file: 'deny.yaml', text: deny('a') }], [])
  expect(proof.closes.map(effectInWords)).toEqual(['shop/web, to workload shop/api port 8080'])
  expect(proof).toMatchObject({ opens: [], allows: [], isClosed: true })
  expect(provenFix(FIX, proof)).toBe(FIX)
})

it('a change allows, and does not open, what the edited policy says', () => {
  const allow = (account: string): string => deny('a', account).replace('DENY', 'ALLOW')
  const analysis = analyse({ 'mesh.yaml': MESH, 'allow.yaml': allow('shop/nobody') })
  const [policy] = analysis.mesh.all('AuthorizationPolicy')
  if (!policy) throw new Error('There is a policy.')
  const texts = [{ file: 'allow.yaml', text: allow('shop/web') }]
  const proof = proveChange([analysis], texts, [policy])
  expect(proof.allows.map(effectInWords)).toEqual(['shop/web, to workload shop/api port 8080'])
  expect(proof.isClosed).toBe(true)
  expect(proveChange([analysis], texts, []).isClosed).toBe(false)
})

it('a proof changes neither the analysis nor a later proof', () => {
  const analysis = analyse({ 'mesh.yaml': MESH, 'deny.yaml': deny('a') })
  const [before] = analysis.mesh.all('AuthorizationPolicy')
  const prove = () => proveChange([analysis], [{ file: 'deny.yaml', text: '' }], []).opens.length
  expect([prove(), prove()]).toEqual([1, 1])
  expect(analysis.mesh.all('AuthorizationPolicy')[0]).toBe(before)
  analysis.update([{ file: 'deny.yaml', text: deny('a', 'shop/api') }])
  expect(prove()).toBe(1)
})

it('a proof of a base file covers the object that a kustomization builds from it', () => {
  const analysis = analyse({
    'mesh.yaml': MESH,
    'deny.yaml': deny('a').replace(', namespace: shop', ''),
    'kustomization.yaml': 'namespace: shop\nresources: [mesh.yaml, deny.yaml]\n',
  })
  const prove = () => proveChange([analysis], [{ file: 'deny.yaml', text: '' }], []).opens
  expect(prove().map(effectInWords)).toEqual(['shop/web, to workload shop/api port 8080'])
  expect(prove()).toHaveLength(1)
})

it('of two fixes that open something only together, one is applied', () => {
  const texts: Readonly<Record<string, string>> = {
    'mesh.yaml': MESH,
    'a.yaml': deny('a'),
    'b.yaml': deny('b'),
  }
  const meshes = new WorkspaceMeshes('', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => texts[file],
  })
  meshes.update(Object.entries(texts).map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  const [analysis] = meshes.analyses()
  if (!analysis) throw new Error('There is a mesh.')
  const finding: Finding = {
    rule: 'rule',
    level: 'warning',
    message: 'It has no effect.',
    place: { kind: 'document', file: 'a.yaml', document: 0, span: { start: 0, end: 0 } },
    related: [],
    assumptions: [],
    fixes: [],
    tag: undefined,
  }
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
  const removals = ['a.yaml', 'b.yaml'].map((file) => ({
    fix: { finding, fix: FIX, analysis, file, range, related: [] },
    change: { file, edits: [{ span: { start: 0, end: texts[file]?.length ?? 0 }, newText: '' }] },
  }))
  const textOf = (file: string): string | undefined => texts[file]
  expect(closedFixes(meshes, removals, textOf)).toEqual(removals.slice(0, 1))
  expect(closedFixes(meshes, removals.slice(1), textOf)).toEqual(removals.slice(1))
})
