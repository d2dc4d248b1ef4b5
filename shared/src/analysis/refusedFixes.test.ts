import { afterEach, expect, it, vi } from 'vitest'
import type { RenderedFix } from './closedFixes.js'

/** The modules, where the fixes of one rule are refused. */
async function refusing(rule: string) {
  vi.resetModules()
  vi.doMock('./closedFixes.js', () => ({
    closedFixes: (_: unknown, fixes: readonly RenderedFix[]) =>
      fixes.filter(({ fix }) => fix.finding.rule !== rule),
  }))
  const { applySafeFixes } = await import('./safeFixes.js')
  const { WorkspaceMeshes } = await import('./workspaceMeshes.js')
  return { applySafeFixes, WorkspaceMeshes }
}
afterEach(() => {
  vi.doUnmock('./closedFixes.js')
  vi.resetModules()
})

const FILES: Readonly<Record<string, string>> = {
  'namespace.yaml': `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
`,
  'peers.yaml': `apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: DISABLE
`,
}

it('a fix that is refused does not keep another fix of its document from being applied', async () => {
  const { applySafeFixes, WorkspaceMeshes } = await refusing('deprecated-api-version')
  const texts = new Map<string, string>()
  const meshes = new WorkspaceMeshes('', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => texts.get(file) ?? FILES[file],
  })
  meshes.update(Object.entries(FILES).map(([file, text]) => ({ file, text })))
  meshes.updateMeshRoots()
  const fixed: string[] = []
  const refused: string[] = []
  const { finished } = applySafeFixes(meshes, {
    files: ['peers.yaml'],
    texts,
    textOf: (file) => FILES[file],
    onFix: ({ finding }) => fixed.push(finding.rule),
    onRefused: ({ finding }) => refused.push(finding.rule),
  })
  expect(finished).toBe(true)
  expect(fixed).toEqual(['disable-mode-is-permissive'])
  expect(new Set(refused)).toEqual(new Set(['deprecated-api-version']))
  expect(texts.get('peers.yaml')).toBe(`apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
`)
})
