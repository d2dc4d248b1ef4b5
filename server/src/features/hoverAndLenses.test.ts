import { expect, it } from 'vitest'
import { ALLOW_GET, MESH, NAMESPACE } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

it('the hover of a policy has the enforcement table, and the hover of a field has not', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  for (const place of ['AuthorizationPolicy', 'allow-get', 'selector', 'app: api']) {
    const hover = await client.hover('mesh/allow-get.yaml', place)
    expect(hover).toMatch(/\|.*destination ztunnel.*\|/)
  }
  expect(await client.hover('mesh/allow-get.yaml', 'methods')).not.toMatch(
    /\|.*destination ztunnel.*\|/,
  )
})

it('the code lens of a policy says where it is enforced, and a setting turns it off', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const lenses = () =>
    client.connection.sendRequest('textDocument/codeLens', {
      textDocument: { uri: client.uri('mesh/allow-get.yaml') },
    })
  expect(await lenses()).toContainEqual(
    expect.objectContaining({
      command: expect.objectContaining({
        title: expect.stringContaining('ztunnel') as string,
      }) as object,
    }),
  )
  await client.changeSettings({
    codeLens: { policies: false, waypoints: true, workloads: true, serviceAccounts: true },
  })
  expect(await lenses()).toEqual([])
})

it('while a folder is read, there are no code lenses and hovers say that they can change', async () => {
  const client = await start({})
  for (let index = 0; index < 400; index++)
    client.write(
      `late/a${String(index)}.yaml`,
      replaceIn(NAMESPACE, ['shop', `other-${String(index)}`]),
    )
  for (const [name, text] of Object.entries(MESH)) client.write(`late/${name}`, text)
  const document = { uri: client.uri('late/allow-get.yaml') }
  const lenses = () =>
    client.connection.sendRequest('textDocument/codeLens', { textDocument: document })
  const hover = () =>
    client.connection.sendRequest('textDocument/hover', {
      textDocument: document,
      position: { line: 1, character: 1 },
    })
  void client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ name: 'late', uri: client.uri('late') }], removed: [] },
  })
  void client.connection.sendNotification('textDocument/didOpen', {
    textDocument: { ...document, languageId: 'yaml', version: 1, text: MESH['allow-get.yaml'] },
  })
  const early = { lenses: await lenses(), hover: JSON.stringify(await hover()) }
  await client.idle()
  const last = { lenses: await lenses(), hover: JSON.stringify(await hover()) }
  expect(last.lenses).not.toEqual([])
  expect(last.hover).not.toContain('still being read')
  // Where all was read by then, it is as it stays.
  expect([[], last.lenses]).toContainEqual(early.lenses)
  expect(
    early.hover === last.hover ||
      early.hover === 'null' ||
      early.hover.includes('still being read'),
  ).toBe(true)
})

it('the summary of a code lens shows the objects that it counts in a client that can show places', async () => {
  const client = await start({
    folders: { mesh: MESH },
    initializationOptions: { showPlacesCommand: 'places' },
  })
  const lensesOf = (name: string) =>
    client.connection.sendRequest('textDocument/codeLens', {
      textDocument: { uri: client.uri(name) },
    })
  expect(await lensesOf('mesh/allow-get.yaml')).toMatchObject([
    {
      command: {
        command: 'places',
        arguments: [
          client.uri('mesh/allow-get.yaml'),
          { line: 0, character: 0 },
          [{ uri: client.uri('mesh/api.yaml'), range: { start: { line: 3, character: 8 } } }],
        ],
      },
    },
  ])
  expect(await lensesOf('mesh/api.yaml')).toMatchObject([
    {
      command: {
        arguments: [client.uri('mesh/api.yaml'), {}, [{ uri: client.uri('mesh/allow-get.yaml') }]],
      },
    },
  ])
})
