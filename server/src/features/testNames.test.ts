import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentHighlight, Hover, Location, WorkspaceEdit } from 'vscode-languageserver'
import { ScriptedClient } from '../testing/scriptedClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const MESH = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: backend, namespace: shop}
spec: {template: {metadata: {labels: {app: api}}, spec: {serviceAccountName: api}}}
`
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
`
const TESTS = `mesh: ../deploy
cases:
  - name: web reads
    request: {from: shop/web, to: "service shop/api:80"}
    expect: allow
    by: shop/readers
rules:
  - name: only web
    never: {notFrom: [shop/web, namespace:shop], to: workload shop/backend}
  - name: gone
    never: {from: shop/gone}
`
const TEST_FILE = 'repo/tests/a.access-test.yaml'
const DEPLOY = 'repo/deploy/mesh.yaml'

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({
    folders: {
      repo: {
        'deploy/mesh.yaml': MESH,
        'deploy/policy.yaml': POLICY,
        'tests/a.access-test.yaml': TESTS,
        'tests/closed.access-test.yaml': replaceIn(TESTS, ['web reads', 'the same']),
        'tests/invalid.access-test.yaml':
          'mesh: ../deploy\ncases:\n  - {name: a, request: {from: shop/web}}\n',
      },
      other: {
        'mesh.yaml': MESH,
        'a.access-test.yaml': 'rules:\n  - {name: a, never: {from: shop/web}}\n',
      },
    },
    capabilities: {
      workspace: { configuration: true, workspaceEdit: { documentChanges: true } },
      textDocument: { rename: { prepareSupport: true } },
    },
  })
  await client.open(TEST_FILE, TESTS)
})
afterAll(() => client.stop())

function request<R>(method: string, file: string, needle: string, more: object = {}): Promise<R> {
  const { line, character } = client.position(file, needle)
  return client.connection.sendRequest(method, {
    textDocument: { uri: client.uri(file) },
    position: { line, character: character + 1 },
    ...more,
  })
}

const nameOf = (uri: string): string => uri.slice(client.uri('repo').length + 1)

/** The number of edits in each file. */
async function rename(file: string, needle: string, newName: string): Promise<unknown> {
  try {
    const edit = await request<WorkspaceEdit | null>('textDocument/rename', file, needle, {
      newName,
    })
    return edit?.documentChanges?.map((change) =>
      'edits' in change ? `${nameOf(change.textDocument.uri)} ${change.edits.length}` : '',
    )
  } catch (error) {
    return (error as Error).message
  }
}

const TESTS_OF_DEPLOY = ['a', 'closed'].map((name) => `tests/${name}.access-test.yaml`)

describe('rename', () => {
  it.each([
    [
      'web, to',
      'front',
      ['deploy/mesh.yaml 1', 'deploy/policy.yaml 1', 'tests/a.access-test.yaml 2'],
    ],
    ['api:80', 'front', ['deploy/mesh.yaml 1', 'tests/a.access-test.yaml 1']],
    ['backend', 'front', ['deploy/mesh.yaml 1', 'tests/a.access-test.yaml 1']],
    [
      'shop/web, to',
      'store',
      ['deploy/mesh.yaml 4', 'deploy/policy.yaml 1', 'tests/a.access-test.yaml 7'],
    ],
  ])('%s in a test file changes the manifests and all test files', async (needle, name, edits) => {
    const closed = replaceIn(edits.at(-1)!, ['a.access', 'closed.access'])
    const result = (await rename(TEST_FILE, needle, name)) as string[]
    expect(result.filter((each) => !each.includes('invalid'))).toEqual([...edits, closed].sort())
    expect(result.filter((each) => each.includes('invalid'))).toHaveLength(
      needle.includes('web') ? 1 : 0,
    )
  })

  it('of a definition changes the test files of its mesh, and of no other mesh', async () => {
    await client.open(DEPLOY, MESH)
    const edits = await rename(DEPLOY, 'web, namespace', 'front')
    expect(edits).toEqual([
      'deploy/mesh.yaml 1',
      'deploy/policy.yaml 1',
      ...TESTS_OF_DEPLOY.map((file) => `${file} 2`),
      'tests/invalid.access-test.yaml 1',
    ])
    expect(await rename(DEPLOY, 'backend', 'front')).toEqual([
      'deploy/mesh.yaml 1',
      ...TESTS_OF_DEPLOY.map((file) => `${file} 1`),
    ])
  })

  it('writes the new name at the place of the old one', async () => {
    const edit = await request<WorkspaceEdit>('textDocument/rename', TEST_FILE, 'api:80', {
      newName: 'catalog',
    })
    const change = edit.documentChanges?.find(
      (each) => 'edits' in each && each.textDocument.uri === client.uri(TEST_FILE),
    )
    expect(change).toMatchObject({
      edits: [{ range: client.rangeOf(TEST_FILE, 'api'), newText: 'catalog' }],
    })
  })

  it.each([
    ['gone}', 'front', 'The files of this mesh have no ServiceAccount shop/gone.'],
    ['web, to', 'Front', expect.stringContaining('A name has only lower-case letters')],
    ['api:80', 'api', ['deploy/mesh.yaml 1', ...TESTS_OF_DEPLOY.map((file) => `${file} 1`)]],
  ])('%s to %s', async (needle, name, result) => {
    expect(await rename(TEST_FILE, needle, name)).toEqual(result)
  })

  it('starts with the name under the cursor', async () => {
    expect(await request('textDocument/prepareRename', TEST_FILE, 'api:80')).toEqual({
      range: client.rangeOf(TEST_FILE, 'api'),
      placeholder: 'api',
    })
    expect(await request('textDocument/prepareRename', TEST_FILE, 'expect')).toBeNull()
    await expect(request('textDocument/prepareRename', TEST_FILE, 'gone}')).rejects.toThrow(
      'have no ServiceAccount shop/gone',
    )
  })
})

describe('navigation', () => {
  it('a name in a test file leads to its definition', async () => {
    const found = await request<Location[]>('textDocument/definition', TEST_FILE, 'backend')
    expect(found.map(({ uri, range }) => [nameOf(uri), range.start.line])).toEqual([
      ['deploy/mesh.yaml', 15],
    ])
    expect(await request('textDocument/definition', TEST_FILE, 'gone}')).toBeNull()
  })

  it.each([
    [TEST_FILE, 'backend', true, ['deploy/mesh.yaml', ...TESTS_OF_DEPLOY]],
    [TEST_FILE, 'backend', false, TESTS_OF_DEPLOY],
    [DEPLOY, 'api, namespace', false, TESTS_OF_DEPLOY],
  ])('the references of %s %s (%j)', async (file, needle, includeDeclaration, files) => {
    const found = await request<Location[]>('textDocument/references', file, needle, {
      context: { includeDeclaration },
    })
    expect(found.map(({ uri }) => nameOf(uri))).toEqual(files)
  })

  it('a name is highlighted at its other places of the file', async () => {
    const found = await request<DocumentHighlight[]>(
      'textDocument/documentHighlight',
      TEST_FILE,
      'web, to',
    )
    expect(found.map(({ range }) => range.start.line)).toEqual([3, 8])
    expect(await request('textDocument/documentHighlight', TEST_FILE, 'expect')).toBeNull()
  })

  it('a hover of a name shows the object', async () => {
    const hover = await request<Hover>('textDocument/hover', TEST_FILE, 'web, to')
    expect(hover.contents).toMatchObject({
      value: expect.stringContaining('**ServiceAccount shop/web**') as string,
    })
    const workload = await request<Hover>('textDocument/hover', TEST_FILE, 'backend')
    expect((workload.contents as { value: string }).value).toMatch(
      /Workload shop\/backend[\s\S]*Deployment shop\/backend \(ambient\)/,
    )
  })
})
