import { expect, it } from 'vitest'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { hasTemplate, safeFixEdits } from './safeFixes.js'
import { WorkspaceMeshes } from './workspaceMeshes.js'

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
`
/** Two findings with a safe fix in one document. */
const DISABLED = `apiVersion: security.istio.io/v1beta1   # comment
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: DISABLE
`
const FIXED = `apiVersion: security.istio.io/v1   # comment
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
`

/** The meshes of some files, and the safe fixes of `peers.yaml`. */
function workspace(files: Readonly<Record<string, string>>) {
  const texts = new Map<string, string>()
  const meshes = new WorkspaceMeshes('', {
    settings: {},
    world: 'open',
    levels: {},
    meshRoots: [],
    readText: (file) => texts.get(file) ?? files[file],
  })
  meshes.update(Object.entries(files).map(([file, text]) => ({ file, text, open: true })))
  meshes.updateMeshRoots()
  const findings = (): string[] =>
    meshes
      .analysesOf('peers.yaml')
      .flatMap((analysis) => analysis.findingsOf('peers.yaml').map(({ rule }) => rule))
  const fixed = (): string => {
    const text = files['peers.yaml'] ?? ''
    return applyTextEdits(text, safeFixEdits(meshes, { file: 'peers.yaml', text, texts }))
  }
  return { meshes, texts, findings, fixed }
}

it('the edits of one file contain all safe fixes of a document', () => {
  const { fixed } = workspace({ 'namespace.yaml': NAMESPACE, 'peers.yaml': DISABLED })
  expect(fixed()).toBe(FIXED)
})

it('the edits change only the fixed places of the text', () => {
  const text = `# first\n${DISABLED}---\n# last\n`
  const { meshes, texts } = workspace({ 'namespace.yaml': NAMESPACE, 'peers.yaml': text })
  const edits = safeFixEdits(meshes, { file: 'peers.yaml', text, texts })
  expect(edits.map(({ span }) => text.slice(span.start, span.end))).toEqual([
    'security.istio.io/v1beta1',
    expect.stringContaining('spec:'),
  ])
})

it('the meshes have the same findings and texts after the edits were computed', () => {
  const { findings, fixed, texts } = workspace({
    'namespace.yaml': NAMESPACE,
    'peers.yaml': DISABLED,
  })
  const before = findings()
  expect(before).toEqual(['deprecated-api-version', 'disable-mode-is-permissive'])
  fixed()
  expect(findings()).toEqual(before)
  expect(texts.size).toBe(0)
  expect(fixed()).toBe(FIXED)
})

it('a fix that is safe but not preferred is not applied', () => {
  const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  rules:
    - from:
        - source:
            namespaces: ["shop"]
            trustDomains: ["other.example"]
`
  const { findings, fixed } = workspace({ 'namespace.yaml': NAMESPACE, 'peers.yaml': policy })
  expect(findings()).toContain('trust-domains-ignored')
  expect(fixed()).toBe(policy)
})

it('a file with a template in it is not changed', () => {
  const template = '{{- if .Values.strict }}\napiVersion: v1\nkind: Service\n{{- end }}\n'
  const { meshes, fixed } = workspace({
    'namespace.yaml': NAMESPACE,
    'peers.yaml': `${DISABLED}---\n${template}`,
  })
  expect(hasTemplate(meshes, 'peers.yaml')).toBe(true)
  expect(hasTemplate(meshes, 'namespace.yaml')).toBe(false)
  expect(fixed()).toBe(`${DISABLED}---\n${template}`)
})
