import { afterAll, beforeAll, expect, it } from 'vitest'
import { ScriptedClient } from '../testing/scriptedClient.js'

const HALF_TYPED = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: "shop}
spec:
\ttargetRefs: [{kind: Service, name: api
  rules:
  - from: [{source: {principals: ["cluster.local/ns/shop/sa/web", *x, 7, null]}}]
    to: - operation
---
apiVersion: v1
kind: Service
metadata: &a {name: api, labels: {istio.io/use-waypoint: [1]}}
spec: {selector: *a, ports: [{port: x}, 1, {port: 80, targetPort: {}}]}
---
{"kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 1}}, null, {
`
const MERGE_CONFLICT =
  'apiVersion: v1\n<<<<<<< ours\nkind: Service\n=======\nkind: Pod\n>>>>>>> theirs\nmetadata: {name: a}\r\nspec: |\r\n  x\r'

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({ folders: { mesh: {} } })
})
afterAll(() => client.stop())

it.each([
  ['half.yaml', HALF_TYPED],
  ['conflict.yaml', MERGE_CONFLICT],
])('all requests at all positions of %s are answered without an error', async (name, text) => {
  await client.open(`mesh/${name}`, text)
  const textDocument = { uri: client.uri(`mesh/${name}`) }
  const lines = text.split('\n')
  const ask = (method: string, params: object): Promise<unknown> =>
    client.connection.sendRequest(method, { textDocument, ...params })
  await ask('textDocument/inlayHint', {
    range: { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } },
  })
  await ask('textDocument/documentLink', {})
  await ask('textDocument/codeLens', {})
  for (const [line, content] of lines.entries()) {
    for (let character = 0; character <= content.length + 1; character += 3) {
      const position = { line, character }
      for (const method of [
        'completion',
        'definition',
        'references',
        'documentHighlight',
        'prepareCallHierarchy',
      ])
        await ask(`textDocument/${method}`, { position, context: { includeDeclaration: true } })
      await ask('istioAmbientPolicy/objectDocuments', { position })
    }
  }
  expect(client.log.filter((message) => message.includes('failed'))).toEqual([])
})
