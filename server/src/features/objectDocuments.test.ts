import { afterAll, beforeAll, expect, it } from 'vitest'
import { OBJECT_DOCUMENTS_REQUEST, type ObjectDocumentsResult } from '@istio-ambient-policy/shared'
import type { CodeLens } from 'vscode-languageserver'
import { ScriptedClient } from '../testing/scriptedClient.js'

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers}
spec:
  rules:
  - from: [{source: {namespaces: [web]}}]
`
const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {ports: [{port: 80}]}\n'

let client: ScriptedClient
beforeAll(async () => {
  const initializationOptions = {
    evaluateCommand: 'x.evaluate',
    showReceivedCommand: 'x.received',
    showStatusCommand: 'x.status',
  }
  client = await ScriptedClient.start({
    folders: { mesh: { 'service.yaml': SERVICE } },
    initializationOptions,
  })
  await client.open('mesh/policy.yaml', POLICY)
})
afterAll(() => client.stop())

function documents(needle: string): Promise<ObjectDocumentsResult> {
  return client.connection.sendRequest(OBJECT_DOCUMENTS_REQUEST, {
    textDocument: { uri: client.uri('mesh/policy.yaml') },
    position: client.position('mesh/policy.yaml', needle),
  })
}

async function text(uri: string | undefined): Promise<string> {
  const { text: content }: { text: string } = await client.connection.sendRequest(
    'workspace/textDocumentContent',
    { uri },
  )
  return content
}

it('the documents about the object at the cursor follow edits', async () => {
  const { received, status } = (await documents('rules'))!
  expect(await text(status)).toContain('type: ZtunnelAccepted')
  expect(await text(received)).toContain('"web"')
  const refreshed = new Promise<string>((resolve) =>
    client.connection.onRequest(
      'workspace/textDocumentContent/refresh',
      ({ uri }: { uri: string }) => {
        resolve(uri)
        return null
      },
    ),
  )
  await client.edit('mesh/policy.yaml', '[web]', '[cart]')
  expect(await refreshed).toBe(received)
  expect(await text(received)).toContain('"cart"')
  await client.edit('mesh/policy.yaml', 'name: readers', 'name: others')
  expect(await text(received)).toBe(
    '// The file does not contain AuthorizationPolicy default/readers.\n',
  )
  await client.edit('mesh/policy.yaml', 'name: others', 'name: readers')
})

it('a position without an object has no documents, and an unknown URI has a short text', async () => {
  await client.open('mesh/empty.yaml', '# nothing\n')
  expect(
    await client.connection.sendRequest(OBJECT_DOCUMENTS_REQUEST, {
      textDocument: { uri: client.uri('mesh/empty.yaml') },
      position: { line: 0, character: 0 },
    }),
  ).toBeNull()
  expect(await text('istio-ambient-policy:/nothing')).toBe('# This document does not exist\n')
  expect(await text('istio-ambient-policy:/rules/yaml-syntax.md')).toContain('yaml-syntax')
})

it('the code lenses of an object have the commands of the client with their arguments', async () => {
  const lenses = async (name: string): Promise<unknown[][]> => {
    const found: CodeLens[] = await client.connection.sendRequest('textDocument/codeLens', {
      textDocument: { uri: client.uri(name) },
    })
    return found
      .filter(({ command }) => command?.command !== '')
      .map(({ command }): unknown[] => [command?.title, command?.command, command?.arguments?.[0]])
  }
  const { received, status } = (await documents('rules'))!
  expect(await lenses('mesh/policy.yaml')).toEqual([
    ['Evaluate request…', 'x.evaluate', { uri: client.uri('mesh/policy.yaml') }],
    ['What ztunnel receives', 'x.received', received],
    ['Predicted status', 'x.status', status],
  ])
  expect((await lenses('mesh/service.yaml'))[0]).toEqual([
    'Evaluate request…',
    'x.evaluate',
    {
      uri: client.uri('mesh/service.yaml'),
      to: { kind: 'service', name: 'default/api', port: 80 },
    },
  ])
})
