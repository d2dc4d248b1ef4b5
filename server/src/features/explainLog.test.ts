import {
  EXPLAIN_LOG_REQUEST,
  type ExplainLogParams,
  type ExplainLogResult,
} from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { MESH } from '../testing/smallMesh.js'
import type { ScriptedClient } from '../testing/scriptedClient.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceAllIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

const line = (namespace: string, account = 'web'): string =>
  `error access connection complete src.addr=10.0.0.1:40000 src.identity="spiffe://cluster.local/ns/${namespace}/sa/${account}" dst.hbone_addr=10.0.0.2:8080 dst.workload="api-5d6f7-abcde" dst.namespace="${namespace}" direction="inbound" error="connection closed due to policy rejection: allow policies exist, but none allowed"`

const explain = (client: ScriptedClient, params: unknown): Promise<ExplainLogResult> =>
  client.connection.sendRequest(EXPLAIN_LOG_REQUEST, params as ExplainLogParams)

it('a line of ztunnel has the policy, its place and its finding', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const log = `${line('shop')}\nsomething else\n${line('shop')}\n`
  expect(await explain(client, { log })).toEqual({
    skipped: 1,
    answers: [
      {
        lines: [1, 3],
        proxy: 'ztunnel shop/api port 8080, sees cluster.local/ns/shop/sa/web',
        verdict: 'deny',
        outcome: 'denied',
        cause: 'No ALLOW rule matched. 1 ALLOW policy applies',
        policy: null,
        rule: null,
        objects: [
          {
            kind: 'AuthorizationPolicy',
            name: 'shop/allow-get',
            uri: client.uri('mesh/allow-get.yaml'),
            range: { start: { line: 11, character: 4 }, end: expect.any(Object) as object },
          },
        ],
        agreement: 'agrees',
        differences: [],
        smallestChange: null,
        findings: [
          expect.objectContaining({ rule: 'l7-allow-rule-dropped', hasFix: true }) as object,
        ],
      },
    ],
  })
})

it('the text in the editor counts before it is saved', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const text = MESH['allow-get.yaml']
  await client.open('mesh/allow-get.yaml', text)
  await client.edit('mesh/allow-get.yaml', 'namespace: shop', 'namespace: other')
  const { answers } = await explain(client, { log: line('shop') })
  expect(answers?.[0]).toMatchObject({ agreement: 'differs', objects: [] })
})

it('of several meshes, the one that fits the line answers', async () => {
  const renamed = Object.fromEntries(
    Object.entries(MESH).map(([file, text]) => [file, replaceAllIn(text, ['shop', 'fresh'])]),
  )
  const client = await start({ folders: { first: MESH, second: renamed } })
  const fileOf = async (params: ExplainLogParams): Promise<unknown> =>
    (await explain(client, params)).answers?.[0]?.objects[0]?.uri
  const textDocument = { uri: client.uri('first/api.yaml') }
  expect(await fileOf({ log: line('fresh'), textDocument })).toBe(
    client.uri('second/allow-get.yaml'),
  )
  expect(await fileOf({ log: line('shop'), textDocument })).toBe(client.uri('first/allow-get.yaml'))
})

it('a text that is no log, an argument without a log and a workspace without a mesh are problems', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const problem = async (params: unknown): Promise<string | undefined> =>
    (await explain(client, params)).problem
  expect(await problem({ log: 'hello' })).toMatch(/^No line of this text/)
  expect(await problem({ log: 'x'.repeat(2_000_000) })).toMatch(/too long/)
  for (const params of [{}, null, { log: 1 }, { log: line('shop'), textDocument: 'x' }])
    expect(await problem(params)).toBe('The argument must have the field log.')
  const empty = await start({ folders: { mesh: {} } })
  expect((await explain(empty, { log: line('shop') })).problem).toMatch(/^There is no mesh/)
})

it('at most 50 lines are explained, and the others are counted', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const log = Array.from({ length: 60 }, (_, index) => line('shop', `web-${index}`)).join('\n')
  const result = await explain(client, { log })
  expect(result).toMatchObject({ skipped: 10 })
  expect(result.answers).toHaveLength(50)
})

it('an editor without an extension explains a line with a command of the server', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const result: unknown = await client.connection.sendRequest('workspace/executeCommand', {
    command: 'ambient-policy.explainLog',
    arguments: [{ log: line('shop') }],
  })
  expect(result).toHaveProperty('answers')
  expect(client.log.at(-1)).toMatch(
    /^ztunnel shop\/api port 8080, .*: denied\. No ALLOW rule matched\. 1 ALLOW policy applies\nshop\/allow-get: .*mesh\/allow-get\.yaml:12:5$/,
  )
})
