import { expect, it } from 'vitest'
import type { DocumentSymbol, FoldingRange, SelectionRange } from 'vscode-languageserver'
import { CLIENT_CAPABILITIES } from '../testing/clientCapabilities.js'
import { ALLOW_GET, MESH } from '../testing/smallMesh.js'
import type { ScriptedClient } from '../testing/scriptedClient.js'
import { clientStarter } from '../testing/startClient.js'

const start = clientStarter()
const WITH_TREES = {
  ...CLIENT_CAPABILITIES,
  textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } },
}

function request<R>(client: ScriptedClient, method: string, more: object = {}): Promise<R> {
  return client.connection.sendRequest(`textDocument/${method}`, {
    textDocument: { uri: client.uri('mesh/allow-get.yaml') },
    ...more,
  })
}

function linesOf(symbols: readonly DocumentSymbol[], indent = ''): string[] {
  return symbols.flatMap(({ name, detail, children }) => [
    `${indent}${name}${detail === undefined ? '' : ` | ${detail}`}`,
    ...linesOf(children ?? [], `${indent}  `),
  ])
}

function expectNested(symbols: readonly DocumentSymbol[]): void {
  for (const { range, selectionRange, children } of symbols) {
    expect(range.start.line).toBeLessThanOrEqual(selectionRange.start.line)
    expect(selectionRange.end.line).toBeLessThanOrEqual(range.end.line)
    expectNested(children ?? [])
  }
}

it('the outline has each object with the text of its code lens, and its parts', async () => {
  const client = await start({ folders: { mesh: MESH }, capabilities: WITH_TREES })
  const symbols = await request<DocumentSymbol[]>(client, 'documentSymbol')
  expect(linesOf(symbols)).toMatchInlineSnapshot(`
    [
      "AuthorizationPolicy allow-get | ztunnel · sees client · 1 workload",
      "  selector",
      "    matchLabels | app: api",
      "  rules",
      "    rule 1 | allows requests from any client with method GET",
      "      to",
      "        to 1",
    ]
  `)
  expectNested(symbols)
})

it('the outline of a List has its items, and of two documents both', async () => {
  const client = await start({ folders: { mesh: MESH }, capabilities: WITH_TREES })
  await client.open(
    'mesh/allow-get.yaml',
    `${ALLOW_GET}---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: a, namespace: shop}\n  spec:\n    ports:\n    - name: http\n      port: 80\n`,
  )
  const symbols = await request<DocumentSymbol[]>(client, 'documentSymbol')
  expect(symbols.map(({ name }) => name)).toEqual(['AuthorizationPolicy allow-get', 'Service a'])
  expect(linesOf(symbols[1]?.children ?? [])).toEqual(['ports', '  http'])
})

it('a client that shows no trees gets the objects as a list', async () => {
  const client = await start({ folders: { mesh: MESH } })
  expect(await request(client, 'documentSymbol')).toEqual([
    expect.objectContaining({
      name: 'AuthorizationPolicy allow-get',
      location: expect.objectContaining({ uri: client.uri('mesh/allow-get.yaml') }) as object,
    }),
  ])
})

it('a policy can be folded, and the selection grows around the cursor', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  const folding = await request<FoldingRange[]>(client, 'foldingRange')
  const spec = client.position('mesh/allow-get.yaml', 'spec:').line
  expect(folding.map(({ startLine }) => startLine)).toContain(spec)
  const [selection] = await request<SelectionRange[]>(client, 'selectionRange', {
    positions: [client.position('mesh/allow-get.yaml', 'allow-get')],
  })
  expect(selection?.range).toEqual(client.rangeOf('mesh/allow-get.yaml', 'allow-get'))
  expect(selection?.parent?.range.start).toEqual(
    client.position('mesh/allow-get.yaml', 'name: allow-get'),
  )
})

it('a file without known objects, or without Istio, has no answer', async () => {
  const client = await start({
    folders: {
      mesh: { 'allow-get.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n' },
      other: MESH,
    },
  })
  for (const method of ['documentSymbol', 'foldingRange'])
    expect(await request(client, method)).toBeNull()
  expect(
    await request(client, 'selectionRange', { positions: [{ line: 0, character: 0 }] }),
  ).toBeNull()
})

it('a JSON file has no answer, because editors know its structure', async () => {
  const client = await start({
    folders: {
      mesh: {
        ...MESH,
        'service.json': JSON.stringify({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'a', namespace: 'shop' },
        }),
      },
    },
  })
  const textDocument = { uri: client.uri('mesh/service.json') }
  expect(
    await client.connection.sendRequest('textDocument/documentSymbol', { textDocument }),
  ).toBeNull()
})
