import { expect, it } from 'vitest'
import { editorFixture } from './testing/editorFixture.js'
import { ScriptedClient } from './testing/scriptedClient.js'

const VIEWER = 'mesh/policies/productpage-viewer.yaml'
const PEERS = 'mesh/policies/peer-authentication.yaml'

/** Makes every way out of the process throw: the network, and other programs. */
const NO_WAY_OUT = `
const forbid = (module, ...names) => {
  for (const name of names) require(module)[name] = () => { throw new Error(module + '.' + name + ' is forbidden') }
}
forbid('node:net', 'connect', 'createConnection', 'createServer')
require('node:net').Socket.prototype.connect = () => { throw new Error('a connection is forbidden') }
forbid('node:tls', 'connect')
forbid('node:http', 'request', 'get')
forbid('node:https', 'request', 'get')
forbid('node:http2', 'connect')
forbid('node:dns', 'lookup', 'resolve')
forbid('node:dgram', 'createSocket')
forbid('node:child_process', 'spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork')
globalThis.fetch = () => { throw new Error('fetch is forbidden') }
`

it.each(['stdio', 'ipc'] as const)('leads from the squiggle over the hover to the repaired mesh, over %s, without a network or another process', async (transport) => {
  const files = editorFixture()
  const client = await ScriptedClient.start({ folders: { mesh: files }, transport, preload: NO_WAY_OUT })
  await client.open(VIEWER, files['policies/productpage-viewer.yaml'] ?? '')
  await client.open(PEERS, files['policies/peer-authentication.yaml'] ?? '')

  expect(client.codes(VIEWER)).toEqual(['l7-allow-rule-dropped'])
  expect(client.diagnostics(VIEWER)[0]?.range).toEqual(client.rangeOf(VIEWER, 'methods'))
  expect(await client.hover(VIEWER, 'AuthorizationPolicy')).toMatch(/destination ztunnel/)

  const bound = await client.fix(VIEWER, 'methods', 'Bind to waypoint via targetRefs')
  expect(bound).toContain(`spec:
  targetRefs:
    - kind: Service
      group: ""
      name: productpage
  action: ALLOW`)
  expect(bound).not.toContain('selector')
  expect(bound.startsWith('# Only curl may read the product page.\n')).toBe(true)
  expect(client.codes(VIEWER)).not.toContain('l7-allow-rule-dropped')
  expect(await client.hover(VIEWER, 'AuthorizationPolicy')).toMatch(/waypoint/)

  expect(client.codes(PEERS)).toEqual(['disable-mode-is-permissive'])
  expect(await client.fix(PEERS, 'DISABLE', 'Remove DISABLE mode')).not.toContain('DISABLE\n')
  expect(client.codes(PEERS)).toEqual([])
  expect(await client.stop()).toBe(0)
})

it('asks before it changes several files', async () => {
  const files = editorFixture()
  const client = await ScriptedClient.start({ folders: { mesh: files } })
  await client.open(PEERS, files['policies/peer-authentication.yaml'] ?? '')
  await client.open('mesh/productpage.yaml', files['productpage.yaml'] ?? '')
  const actions = await client.codeActions(PEERS, client.rangeOf(PEERS, 'DISABLE'))
  const elsewhere = actions.find(({ edit }) => edit?.documentChanges?.some((change) => 'textDocument' in change && change.textDocument.uri !== client.uri(PEERS)))
  expect(elsewhere?.title).toBe('Take the workload out of ambient')
  await client.apply(elsewhere?.edit ?? {})
  expect(client.text('mesh/productpage.yaml')).toContain('istio.io/dataplane-mode: none')
  expect(client.codes(PEERS)).not.toContain('disable-mode-is-permissive')
  expect(await client.stop()).toBe(0)
})
