import { expect, it } from 'vitest'
import { MESH } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'

const start = clientStarter()

it('changed settings apply without a restart', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.changeSettings({ rules: { 'l7-allow-rule-dropped': 'hint' } })
  expect(client.diagnostics('mesh/allow-get.yaml').map(({ severity }) => severity)).toEqual([4])
  await client.changeSettings({ rules: { 'l7-allow-rule-dropped': 'off' } })
  expect(client.codes('mesh/allow-get.yaml')).toEqual([])
  await client.changeSettings({})
  expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
})

it('the settings of the repository apply, and their errors are diagnostics of the file', async () => {
  const client = await start({
    folders: {
      mesh: { ...MESH, '.ambient-policy.yaml': 'rules:\n  l7-allow-rule-dropped: off\n' },
    },
  })
  expect(client.codes('mesh/allow-get.yaml')).toEqual([])
  client.write('mesh/.ambient-policy.yaml', 'rules:\n  l7-allow-rule-droped: off\n')
  await client.changedOnDisk(['mesh/.ambient-policy.yaml', 'changed'])
  expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
  expect(client.diagnostics('mesh/.ambient-policy.yaml')).toEqual([
    expect.objectContaining({
      severity: 1,
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 22 } },
    }),
  ])
  client.write('mesh/.ambient-policy.yaml', '')
  await client.changedOnDisk(['mesh/.ambient-policy.yaml', 'changed'])
  expect(client.diagnostics('mesh/.ambient-policy.yaml')).toEqual([])
})
