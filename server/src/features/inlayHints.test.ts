import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InlayHint } from 'vscode-languageserver'
import { ScriptedClient } from '../testing/scriptedClient.js'

const POLICY = `# a comment
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  rules:
  - from:
    - source: {namespaces: [a]}
  - to:
    - operation: {methods: [GET]}
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/use-waypoint: waypoint
`

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({ folders: { mesh: {} } })
  await client.open('mesh/policy.yaml', POLICY)
})
afterAll(() => client.stop())

/** `line:character label` of the hints between two lines. */
async function hints(from: number, to: number): Promise<string[]> {
  const range = { start: { line: from, character: 0 }, end: { line: to, character: 0 } }
  const found: InlayHint[] = await client.connection.sendRequest('textDocument/inlayHint', {
    textDocument: { uri: client.uri('mesh/policy.yaml') },
    range,
  })
  return found.map(
    ({ position, label }) => `${position.line}:${position.character} ${label as string}`,
  )
}

it('inlay hints are at the end of the line, within the requested range', async () => {
  expect(await hints(0, 30)).toEqual([
    '7:9 ztunnel',
    '9:7 dropped by ztunnel',
    '17:35 → shop/waypoint, not in the workspace',
  ])
  expect(await hints(9, 10)).toEqual(['9:7 dropped by ztunnel'])
})

it('inlay hints follow edits and settings', async () => {
  await client.edit('mesh/policy.yaml', 'waypoint: waypoint', 'waypoint: none')
  expect(await hints(12, 30)).toEqual([])
  await client.changeSettings({
    inlayHints: { ruleLayer: false, waypoint: true, containerPort: true },
  })
  expect(await hints(0, 30)).toEqual([])
})
