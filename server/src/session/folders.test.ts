import { expect, it } from 'vitest'
import { ALLOW_GET, API, MESH, NAMESPACE } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

it('each folder is one mesh, and folders can be removed and added', async () => {
  const client = await start({
    folders: {
      ambient: MESH,
      none: { ...MESH, 'namespace.yaml': replaceIn(NAMESPACE, ['ambient', 'none']) },
    },
  })
  expect(client.codes('ambient/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
  expect(client.codes('none/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
  const folder = { name: 'ambient', uri: client.uri('ambient') }
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [], removed: [folder] },
  })
  await client.idle()
  expect(client.codes('ambient/allow-get.yaml')).toEqual([])
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [folder], removed: [] },
  })
  await client.idle()
  expect(client.codes('ambient/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
})

it('an open file joins its folder when the folder is added', async () => {
  const client = await start()
  client.write('mesh/namespace.yaml', replaceIn(NAMESPACE, ['ambient', 'none']))
  client.write('mesh/api.yaml', API)
  client.write('mesh/allow-get.yaml', ALLOW_GET)
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  expect(client.codes('mesh/allow-get.yaml')).toContain('l7-allow-rule-dropped')
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ name: 'mesh', uri: client.uri('mesh') }], removed: [] },
  })
  await client.idle()
  expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
})

it('an open file of a removed folder is analysed alone, until it is closed', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const severities = (): (number | undefined)[] =>
    client.diagnostics('mesh/allow-get.yaml').map(({ severity }) => severity)
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  expect(severities()).toEqual([1])
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [], removed: [{ name: 'mesh', uri: client.uri('mesh') }] },
  })
  await client.idle()
  // The namespace is unknown now.
  expect(severities()).toEqual([2])
  await client.edit('mesh/allow-get.yaml', 'methods: ["GET"]', 'ports: ["8080"]')
  expect(severities()).toEqual([])
  await client.close('mesh/allow-get.yaml')
  expect(severities()).toEqual([])
})

it('a folder inside another folder can be added and removed, also with an open file', async () => {
  const inner = replaceIn(ALLOW_GET, ['allow-get', 'inner'])
  const client = await start({ folders: { mesh: { ...MESH, 'inner/policy.yaml': inner } } })
  const change = async (event: { added?: string[]; removed?: string[] }): Promise<void> => {
    const folders = (names: readonly string[] = []): { name: string; uri: string }[] =>
      names.map((name) => ({ name, uri: client.uri(name) }))
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: folders(event.added), removed: folders(event.removed) },
    })
    await client.idle()
  }
  const severities = (): (number | undefined)[] =>
    ['mesh/inner/policy.yaml', 'mesh/allow-get.yaml'].map(
      (name) => client.diagnostics(name)[0]?.severity,
    )
  await client.open('mesh/inner/policy.yaml', inner)
  expect(severities()).toEqual([1, 1])
  await change({ added: ['mesh/inner'] })
  expect(severities()).toEqual([2, 1])
  await change({ removed: ['mesh/inner'] })
  expect(severities()).toEqual([1, 1])
  await change({ added: ['mesh'], removed: ['mesh'] })
  expect(severities()).toEqual([1, 1])
  await change({ removed: ['mesh'] })
  expect(severities()).toEqual([2, undefined])
})

it('an excluded file is not part of the mesh, and is analysed alone when it is open', async () => {
  const client = await start({ folders: { mesh: MESH }, settings: { exclude: ['drafts'] } })
  client.write('mesh/drafts/namespace.yaml', replaceIn(NAMESPACE, ['ambient', 'none']))
  await client.changedOnDisk(['mesh/drafts/namespace.yaml', 'created'])
  expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
  await client.open('mesh/drafts/allow-get.yaml', ALLOW_GET)
  expect(client.diagnostics('mesh/drafts/allow-get.yaml')[0]?.severity).toBe(2)
})
