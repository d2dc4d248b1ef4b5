import { expect, it } from 'vitest'
import { MESH } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'

const start = clientStarter()

it('an editor without an extension evaluates a request with a command of the server', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const run = (...args: unknown[]): Promise<unknown> =>
    client.connection.sendRequest('workspace/executeCommand', {
      command: 'ambient-policy.evaluate',
      arguments: args,
    })
  const request = {
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { workload: 'shop/api', port: 8080 },
  }
  const textDocument = { uri: client.uri('mesh/api.yaml') }
  expect(await run({ textDocument, request })).toMatchObject({ answer: { verdict: 'deny' } })
  expect(await run({ textDocument, request: {} })).toHaveProperty('problem')
  expect(await run({ request })).toEqual({
    problem: 'The argument must have the fields textDocument.uri and request.',
  })
})

it('Explain shows the rule as a message, and answers its page', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', MESH['allow-get.yaml'])
  const actions = await client.codeActions(
    'mesh/allow-get.yaml',
    client.rangeOf('mesh/allow-get.yaml', 'methods'),
  )
  const { command } = actions.find(({ title }) => title === 'Explain l7-allow-rule-dropped') ?? {}
  const page: unknown = await client.connection.sendRequest('workspace/executeCommand', command)
  expect(page).toMatch(/^# l7-allow-rule-dropped\n/)
  expect(client.log.at(-1)).toMatch(/^l7-allow-rule-dropped: /)
})

it('unknown commands and rules are errors', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const run = (command: string, ...args: unknown[]): Promise<unknown> =>
    client.connection.sendRequest('workspace/executeCommand', { command, arguments: args })
  await expect(run('other')).rejects.toThrow('The server has no command other.')
  await expect(run('ambient-policy.explainRule', 'other')).rejects.toThrow(
    'There is no rule other.',
  )
})
