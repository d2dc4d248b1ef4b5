import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { STATUS_NOTIFICATION, type StatusParams } from '@istio-ambient-policy/shared'
import { expect, it, vi } from 'vitest'
import { ALLOW_GET, MESH, NAMESPACE } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

it('findings follow closed, changed, new, renamed and deleted files', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  await client.edit('mesh/allow-get.yaml', 'methods: ["GET"]', 'ports: ["8080"]')
  expect(client.codes('mesh/allow-get.yaml')).toEqual([])
  await client.close('mesh/allow-get.yaml')
  expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])

  client.write('mesh/namespace.yaml', replaceIn(NAMESPACE, ['ambient', 'none']))
  await client.changedOnDisk(['mesh/namespace.yaml', 'changed'])
  expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
  client.write('mesh/namespace.yaml', NAMESPACE)
  await client.changedOnDisk(['mesh/namespace.yaml', 'changed'])

  client.delete('mesh/allow-get.yaml')
  client.write('mesh/policies/renamed.yaml', ALLOW_GET)
  await client.changedOnDisk(
    ['mesh/allow-get.yaml', 'deleted'],
    ['mesh/policies/renamed.yaml', 'created'],
  )
  expect([client.codes('mesh/allow-get.yaml'), client.codes('mesh/policies/renamed.yaml')]).toEqual(
    [[], ['l7-allow-rule-dropped']],
  )

  client.delete('mesh/policies/renamed.yaml')
  await client.changedOnDisk(['mesh/policies', 'deleted'])
  expect(client.codes('mesh/policies/renamed.yaml')).toEqual([])
})

it('findings follow a folder that is created, renamed and deleted, as one event each', async () => {
  const client = await start({ folders: { mesh: MESH }, settings: { exclude: ['**/old'] } })
  for (const name of ['policies/deep', 'node_modules/a', 'policies/old'])
    client.write(
      `mesh/${name}/allow-get.yaml`,
      replaceIn(ALLOW_GET, [/name: [a-z-]+/, 'name: other']),
    )
  await client.changedOnDisk(['mesh/policies', 'created'], ['mesh/node_modules', 'created'])
  const published = (): string[] =>
    ['policies/deep', 'moved/deep', 'node_modules/a', 'policies/old'].filter(
      (name) => client.codes(`mesh/${name}/allow-get.yaml`).length > 0,
    )
  expect(published()).toEqual(['policies/deep'])

  renameSync(client.path('mesh/policies'), client.path('mesh/moved'))
  await client.changedOnDisk(['mesh/policies', 'deleted'], ['mesh/moved', 'created'])
  expect(published()).toEqual(['moved/deep'])

  rmSync(client.path('mesh/moved'), { recursive: true })
  await client.changedOnDisk(['mesh/moved', 'deleted'])
  expect(published()).toEqual([])
})

it('changes before the editor watches the folder are found later', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const client = await start({ folders: { mesh: MESH } })
    mkdirSync(client.path('mesh/moved'))
    renameSync(client.path('mesh/allow-get.yaml'), client.path('mesh/moved/allow-get.yaml'))
    const found = (): string[][] =>
      ['mesh/allow-get.yaml', 'mesh/moved/allow-get.yaml'].map((name) => client.codes(name))
    vi.advanceTimersByTime(19_000)
    await client.idle()
    expect(found()).toEqual([['l7-allow-rule-dropped'], []])
    vi.advanceTimersByTime(1000)
    await client.idle()
    expect(found()).toEqual([[], ['l7-allow-rule-dropped']])
    client.write('mesh/namespace.yaml', replaceIn(NAMESPACE, ['ambient', 'none']))
    vi.advanceTimersByTime(60_000)
    await client.idle()
    expect(found()).toEqual([[], ['l7-allow-rule-dropped']])
  } finally {
    vi.useRealTimers()
  }
})

it('a new folder is read with the settings of the innermost folder of the workspace', async () => {
  const client = await start({
    folders: { mesh: MESH, 'mesh/inner': { 'namespace.yaml': NAMESPACE } },
    // Relative to each folder: the outer folder excludes the inner one.
    settings: { exclude: ['inner'] },
  })
  client.write('mesh/inner/new/allow-get.yaml', ALLOW_GET)
  await client.changedOnDisk(['mesh/inner/new', 'created'])
  expect(client.codes('mesh/inner/new/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
})

it('a folder that is deleted while a file is open has the findings of this file, until it is closed', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  rmSync(client.path('mesh'), { recursive: true })
  await client.changedOnDisk(['mesh', 'deleted'])
  await client.changeSettings({ maxFiles: 50 })
  expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
  await client.close('mesh/allow-get.yaml')
  expect(client.codes('mesh/allow-get.yaml')).toEqual([])
  for (const [name, text] of Object.entries(MESH)) client.write(`mesh/${name}`, text)
  await client.changedOnDisk(['mesh', 'created'])
  expect(client.diagnostics('mesh/allow-get.yaml')[0]?.severity).toBe(1)
})

it('an open file that is renamed to a text file leaves the mesh, and comes back with its name', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const rename = async (from: string, to: string): Promise<void> => {
    renameSync(client.path(from), client.path(to))
    await client.changedOnDisk([from, 'deleted'], [to, 'created'])
  }
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  await client.close('mesh/allow-get.yaml')
  await rename('mesh/allow-get.yaml', 'mesh/allow-get.txt')
  const codes = (): string[][] =>
    ['mesh/allow-get.yaml', 'mesh/allow-get.txt'].map((name) => client.codes(name))
  expect(codes()).toEqual([[], []])
  await rename('mesh/allow-get.txt', 'mesh/allow-get.yaml')
  expect(codes()).toEqual([['l7-allow-rule-dropped'], []])
})

it('the counts of the status follow files and folders', async () => {
  const counts: string[] = []
  const client = await start({ folders: { mesh: {} }, initializationOptions: { status: true } })
  client.connection.onNotification(STATUS_NOTIFICATION, ({ folders }: StatusParams) => {
    counts.push(folders.map(({ files, objects }) => `${files} ${objects}`).join(', '))
  })
  client.write('mesh/allow-get.yaml', ALLOW_GET)
  await client.changedOnDisk(['mesh/allow-get.yaml', 'created'])
  await vi.waitFor(() => {
    expect(counts).toEqual(['1 1'])
  })
  client.delete('mesh/allow-get.yaml')
  await client.changedOnDisk(['mesh/allow-get.yaml', 'deleted'])
  await vi.waitFor(() => {
    expect(counts).toEqual(['1 1', '0 0'])
  })
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [], removed: [{ name: 'mesh', uri: client.uri('mesh') }] },
  })
  await client.idle()
  expect(counts).toEqual(['1 1', '0 0', ''])
})

it('the text in the editor has priority over the text on disk', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/namespace.yaml', replaceIn(NAMESPACE, ['ambient', 'none']))
  expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
  expect(
    await client.publishedDuring(() => client.changedOnDisk(['mesh/namespace.yaml', 'changed'])),
  ).toEqual([])
})

it('a limit of files is shown once and logged once', async () => {
  const client = await start({ folders: { mesh: MESH }, settings: { maxFiles: 1 } })
  expect(client.log.filter((message) => message.includes('more than 1 files'))).toHaveLength(2)
})
