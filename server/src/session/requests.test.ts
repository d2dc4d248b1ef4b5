import { expect, it } from 'vitest'
import { CancellationTokenSource } from 'vscode-languageserver'
import { ALLOW_GET, MESH } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'

const start = clientStarter()

it('a request that is cancelled before it starts ends as cancelled', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  const source = new CancellationTokenSource()
  const params = {
    textDocument: { uri: client.uri('mesh/allow-get.yaml') },
    position: { line: 1, character: 8 },
  }
  let cancelled: Promise<unknown> = Promise.resolve()
  await client.sendTogether(() => {
    cancelled = client.connection.sendRequest('textDocument/hover', params, source.token)
    source.cancel()
  })
  await expect(cancelled).rejects.toMatchObject({ code: -32800 })
  expect(await client.connection.sendRequest('textDocument/hover', params)).not.toBeNull()
})

it('requests about unknown documents and positions are answered with null', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const textDocument = { uri: 'file:///nowhere/at%/all.yaml' }
  const position = { line: 1_000_000, character: 1_000_000 }
  expect(
    await client.connection.sendRequest('textDocument/hover', { textDocument, position }),
  ).toBeNull()
  expect(await client.connection.sendRequest('textDocument/codeLens', { textDocument })).toBeNull()
  expect(
    await client.connection.sendRequest('textDocument/hover', {
      textDocument: { uri: client.uri('mesh/api.yaml') },
      position,
    }),
  ).toBeNull()
  expect(
    await client.connection.sendRequest('textDocument/codeAction', {
      textDocument,
      range: { start: position, end: position },
      context: { diagnostics: [] },
    }),
  ).toBeNull()
})
