import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CompletionItem } from 'vscode-languageserver'
import { ScriptedClient } from '../testing/scriptedClient.js'

const MESH =
  'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cart}\n'
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  rules:
  - from:
    - source:
        principals: ["cluster█
`

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({
    folders: { mesh: { 'mesh.yaml': MESH }, plain: { 'pod.yaml': MESH }, empty: {} },
  })
})
afterAll(() => client.stop())

/** Opens a text and requests completions at its cursor. */
async function completions(name: string, marked: string): Promise<CompletionItem[] | null> {
  const offset = marked.indexOf('█')
  const before = marked.slice(0, offset).split('\n')
  await client.open(name, marked.replace('█', ''))
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
  return client.connection.sendRequest('textDocument/completion', {
    textDocument: { uri: client.uri(name) },
    position,
  })
}

it('a completion in incomplete YAML replaces the word at the cursor', async () => {
  const items = await completions('mesh/policy.yaml', POLICY)
  expect(items?.map(({ label }) => label)).toEqual(['cluster.local/ns/shop/sa/web'])
  expect(items?.[0]).toMatchObject({
    detail: 'not used by a workload',
    sortText: '00000',
    insertTextMode: 1,
    textEdit: {
      range: { start: { line: 7, character: 22 }, end: { line: 7, character: 29 } },
      newText: 'cluster.local/ns/shop/sa/web',
    },
  })
})

it('an object without a namespace has the namespace of the objects in its folder', async () => {
  const items = await completions(
    'mesh/pod.yaml',
    'apiVersion: v1\nkind: Pod\nspec:\n  serviceAccountName: █\n',
  )
  expect(items?.map(({ label }) => label)).toEqual(['cart', 'default'])
})

it('complete objects are plain text for a client without snippets, and other files have no completions', async () => {
  const items = await completions('mesh/new.yaml', '█')
  expect(items).toHaveLength(8)
  expect(
    items?.every(
      ({ textEdit, insertTextFormat }) =>
        insertTextFormat === 1 && textEdit?.newText.includes('$') === false,
    ),
  ).toBe(true)
  expect(await completions('mesh/other.yaml', 'on: {push: {branches: [█]}}\n')).toBeNull()
})

it('the kinds of a mesh are offered in an empty folder, and not beside objects without Istio', async () => {
  expect(await completions('plain/new.yaml', 'kind: █\n')).toBeNull()
  expect((await completions('plain/empty.yaml', '█'))?.length).toBe(6)
  const kinds = await completions('empty/new.yaml', 'kind: █\n')
  expect(kinds?.map(({ label }) => label)).toContain('AuthorizationPolicy')
})
