import { expect, it, vi } from 'vitest'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { Finding } from '../rules/finding.js'
import { titleWithEffect, type Fix } from '../rules/fix.js'
import { accessEffect } from '../space/accessEffect.js'
import { fixtureFolders } from '../testing/fixtureFiles.js'
import { analyse, findingsOf, replaceIn, sampled } from '../testing/index.js'
import { closedFixes } from './closedFixes.js'
import { ClosedMesh, closedMeshOf } from './closedMesh.js'
import { effectInWords, newTexts, proveChange, provenFix } from './fixProof.js'
import { renderEdits } from './renderEdits.js'
import { sourceLookupOf } from './sourceLookup.js'
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
const allow = (name: string, account: string): string =>
  replaceIn(deny(name, account), ['DENY', 'ALLOW'])
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

it('another version of the API has no effect, and nothing is compared', () => {
  const old = replaceIn(deny('a'), ['io/v1', 'io/v1beta1'])
  const analysis = analyse({
    'mesh.yaml': MESH,
    'deny.yaml': old,
    'other.yaml': allow('a', 'shop/api'),
  })
  const evaluated = vi.spyOn(ClosedMesh.prototype, 'withChange')
  const proof = proveChange([analysis], [{ file: 'deny.yaml', text: deny('a') }], [])
  expect(proof).toEqual({ opens: [], allows: [], closes: [], notCompared: [], isClosed: true })
  expect(evaluated).not.toHaveBeenCalled()
  proveChange([analysis], [{ file: 'deny.yaml', text: '' }], [])
  expect(evaluated).toHaveBeenCalledOnce()
  evaluated.mockRestore()
})

it('a policy with more than a thousand paths is not compared, and its fix is not safe', () => {
  const paths = (count: number): string =>
    replaceIn(allow('a', 'shop/web'), [
      'rules: [{',
      `rules: [{to: [{operation: {paths: [${Array.from({ length: count }, (_, index) => `/p${index}/*`).join(', ')}]}}], `,
    ])
  const analysis = analyse({ 'mesh.yaml': MESH, 'allow.yaml': paths(1_100) })
  const text = replaceIn(paths(1_100), ['ALLOW', 'DENY'])
  const { isClosed, notCompared } = proveChange(
    [analysis],
    [{ file: 'allow.yaml', text }],
    [analysis.mesh.named('AuthorizationPolicy', 'shop', 'a')!],
  )
  expect([isClosed, notCompared.map(({ reason }) => reason)]).toEqual([
    false,
    ['the policies have too many combinations of path values'],
  ])
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
  const analysis = analyse({ 'mesh.yaml': MESH, 'allow.yaml': allow('a', 'shop/nobody') })
  const [policy] = analysis.mesh.all('AuthorizationPolicy')
  if (!policy) throw new Error('There is a policy.')
  const texts = [{ file: 'allow.yaml', text: allow('a', 'shop/web') }]
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
    'deny.yaml': replaceIn(deny('a'), [', namespace: shop', '']),
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

const PLAIN = replaceIn(MESH, [', labels: {istio.io/dataplane-mode: ambient}', ''])

it('a change of other objects is compared once for all findings, until a file changes', () => {
  const files = {
    'mesh.yaml': PLAIN,
    'a.yaml': allow('a', 'shop/web'),
    'b.yaml': allow('b', 'x/y'),
  }
  const analysis = analyse(files)
  const prove = (policies: readonly AuthorizationPolicy[]) =>
    proveChange([analysis], [{ file: 'mesh.yaml', text: MESH }], policies)
  const [a, b] = analysis.mesh.all('AuthorizationPolicy')
  if (!a || !b) throw new Error('There are two policies.')
  const first = prove([a])
  expect(first.closes.length).toBeGreaterThan(0)
  expect(prove([b]).closes[0]).toBe(first.closes[0])
  analysis.update([{ file: 'b.yaml', text: allow('b', 'x/z') }])
  expect(prove([a]).closes[0]).not.toBe(first.closes[0])
})

it.each(sampled(fixtureFolders('field'), 4))(
  'a fix that changes no policy opens the same for each policy, however often it is proven: %s',
  (_, files) => {
    const analysis = analyse(files)
    const textOf = (file: string): string | undefined => files[file]
    const closed = closedMeshOf(analysis)
    const changes = findingsOf(analysis).flatMap(({ fixes }) =>
      fixes.flatMap(({ edits }) => renderEdits(edits, sourceLookupOf(analysis, textOf)) ?? []),
    )
    const policies = analysis.mesh.all('AuthorizationPolicy')
    for (const change of changes.slice(0, 3)) {
      const texts = newTexts([change], textOf)
      for (const policy of policies.slice(0, 3)) {
        const preview = analysis.preview(texts)
        const { opens, notCompared } = new ClosedMesh(analysis).withChange(preview, (after) =>
          accessEffect(closed.mesh, after, [closed.resource(policy)]),
        )
        const proof = proveChange([analysis], texts, [policy])
        expect([proof.opens.map(effectInWords), proof.notCompared]).toEqual([
          opens.map(effectInWords),
          notCompared,
        ])
      }
    }
  },
)

it('what a change of other objects opens is allowed by the words of one policy and not of another', () => {
  const strict = replaceIn(allow('strict', 'shop/nobody'), ['app: api', 'role: api'])
  const pod = (labels: string): string =>
    replaceIn(MESH, ['labels: {app: api}', `labels: ${labels}`])
  const files = {
    'mesh.yaml': pod('{role: api}'),
    'a.yaml': allow('a', 'shop/web'),
    'b.yaml': strict,
  }
  const analysis = analyse(files)
  const prove = (name: string) => {
    const policies = analysis.mesh.all('AuthorizationPolicy').filter((each) => each.name === name)
    const texts = [{ file: 'mesh.yaml', text: pod('{role: api, app: api}') }]
    const { opens, allows } = proveChange([analysis], texts, policies)
    return [opens.map(effectInWords), allows.map(effectInWords)]
  }
  const web = ['shop/web, to workload shop/api port 8080']
  const opened = [web, []]
  expect(['strict', 'a', 'strict', 'none'].map(prove)).toEqual([opened, [[], web], opened, opened])
})
