import { expect, it } from 'vitest'
import type { CompletionItem } from 'vscode-languageserver'
import { ALLOW_GET, MESH } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import type { ScriptedClient } from '../testing/scriptedClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()
const FILE = 'mesh/.ambient-policy.yaml'
const OFF = 'rules:\n  l7-allow-rule-dropped: off\n'

async function labelsAt(client: ScriptedClient, line: number, character: number) {
  const items = await client.connection.sendRequest<CompletionItem[] | null>(
    'textDocument/completion',
    { textDocument: { uri: client.uri(FILE) }, position: { line, character } },
  )
  return items?.map(({ label }) => label) ?? []
}

it('an unsaved settings file applies, and the file on disk after it is closed', async () => {
  const client = await start({ folders: { mesh: MESH } })
  expect(client.codes('mesh/allow-get.yaml')).toContain('l7-allow-rule-dropped')
  await client.open(FILE, OFF)
  expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
  await client.edit(FILE, 'off', 'hint')
  expect(client.codes('mesh/allow-get.yaml')).toContain('l7-allow-rule-dropped')
  await client.edit(FILE, 'hint', 'off')
  await client.close(FILE)
  expect(client.codes('mesh/allow-get.yaml')).toContain('l7-allow-rule-dropped')
})

it('a problem of an unsaved settings file is reported in it', async () => {
  const client = await start({ folders: { mesh: { ...MESH, '.ambient-policy.yaml': OFF } } })
  await client.open(FILE, OFF)
  expect(client.diagnostics(FILE)).toEqual([])
  await client.edit(FILE, 'off', 'loud')
  expect(client.diagnostics(FILE).map(({ message }) => message)).toEqual([
    'rules.l7-allow-rule-dropped must be one of error, warning, information, hint, off.',
  ])
})

it('keys, values and rules of a settings file are completed and explained', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open(FILE, `${OFF}assumeAmbient: \n`)
  expect(await labelsAt(client, 2, 15)).toEqual(['unknown-namespaces', 'all', 'none'])
  expect(await labelsAt(client, 3, 0)).toContain('istioVersion')
  expect(await client.hover(FILE, 'assumeAmbient')).toContain('**assumeAmbient**')
  expect(await client.hover(FILE, 'l7-allow')).toContain(
    '[Page of the rule](istio-ambient-policy:/rules/l7-allow-rule-dropped.md)',
  )
})

it('a client with the JSON schema gets no completions and hovers in the settings file', async () => {
  const client = await start({
    folders: { mesh: MESH },
    initializationOptions: { settingsSchema: true },
  })
  await client.open(FILE, OFF)
  expect(await labelsAt(client, 2, 0)).toEqual([])
  expect(await client.hover(FILE, 'rules')).toBeUndefined()
})

it('an ignore comment offers the rules that are found below it first', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const name = 'mesh/allow-get.yaml'
  await client.open(
    name,
    replaceIn(ALLOW_GET, [
      '            methods',
      '            # ambient-policy-ignore \n            methods',
    ]),
  )
  const items = await client.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
    textDocument: { uri: client.uri(name) },
    position: { line: 13, character: '            # ambient-policy-ignore '.length },
  })
  expect(items[0]).toMatchObject({ label: 'l7-allow-rule-dropped', detail: 'found here' })
})
