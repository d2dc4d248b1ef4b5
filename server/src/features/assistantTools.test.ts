import {
  CALL_TOOL_REQUEST,
  type CallToolParams,
  type CallToolResult,
} from '@istio-ambient-policy/shared'
import { describe, expect, it } from 'vitest'
import { CancellationTokenSource } from 'vscode-languageserver'
import { readManifest } from '../../../scripts/readManifest.mjs'
import { LSPErrorCodes } from '../lsp.js'
import { createCliFolder } from '../cli/testing/cliFolder.js'
import { TOOLS } from '../mcp/tools.js'
import { MESH } from '../testing/smallMesh.js'
import type { ScriptedClient } from '../testing/scriptedClient.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceAllIn, replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

const call = (
  client: ScriptedClient,
  name: string,
  given: unknown = {},
  rest: Partial<CallToolParams> = {},
): Promise<CallToolResult> =>
  client.connection.sendRequest(CALL_TOOL_REQUEST, { name, arguments: given, ...rest })

const LOG =
  'error access connection complete src.addr=10.0.0.1:4 src.identity="spiffe://cluster.local/ns/shop/sa/web" dst.hbone_addr=10.0.0.2:8080 dst.workload="api" dst.namespace="shop" direction="inbound" error="connection closed due to policy rejection: allow policies exist, but none allowed"'
const CHANGED = replaceIn(MESH['allow-get.yaml'], ['methods: ["GET"]', 'ports: ["8080"]'])
const CALLS: Readonly<Record<string, unknown>> = {
  check: {},
  evaluate: {
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { workload: 'shop/api', port: 8080 },
  },
  access: { to: 'workload shop/api' },
  diff: { proposed: [{ file: 'allow-get.yaml', text: CHANGED }] },
  explain: { object: 'AuthorizationPolicy/shop/allow-get' },
  why: { log: LOG },
  status: {},
  compare: { dump: 'dump.json' },
  fixes: {},
  rule: { name: 'empty-selector' },
}

it('every tool answers as the server of the Model Context Protocol', async () => {
  const files = { ...MESH, 'dump.json': '[]' }
  const client = await start({ folders: { mesh: files } })
  await client.open('mesh/allow-get.yaml', MESH['allow-get.yaml'])
  const cli = createCliFolder(files)
  try {
    expect(Object.keys(CALLS)).toEqual(TOOLS.map(({ name }) => name))
    for (const [name, args] of Object.entries(CALLS)) {
      const params = { name, arguments: args }
      const { out } = await cli.run(['mcp', '.'], {
        stdin: `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`,
      })
      const { result } = JSON.parse(out) as {
        result: { content: { text: string }[]; isError: boolean }
      }
      expect(await call(client, name, args)).toEqual({
        text: result.content.map(({ text }) => text).join('\n'),
        isError: false,
      })
    }
  } finally {
    cli.remove()
  }
})

it('the tools read the text and the settings of the editor', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const rules = async (): Promise<string[]> => {
    const { text } = await call(client, 'check')
    const { findings } = JSON.parse(text) as { findings: { rule: string }[] }
    return findings.map(({ rule }) => rule)
  }
  expect(await rules()).toEqual(['l7-allow-rule-dropped'])
  await client.open('mesh/allow-get.yaml', MESH['allow-get.yaml'])
  await client.edit('mesh/allow-get.yaml', 'methods: ["GET"]', 'ports: ["8080"]')
  expect(await rules()).toEqual([])
  await client.edit('mesh/allow-get.yaml', 'ports: ["8080"]', 'methods: ["GET"]')
  await client.changeSettings({ rules: { 'l7-allow-rule-dropped': 'off' } })
  expect(await rules()).toEqual([])
})

it('of several folders, the argument or the document names one', async () => {
  const client = await start({ folders: { first: MESH, second: { 'note.yaml': 'a: 1\n' } } })
  const textOf = async (...args: [unknown, Partial<CallToolParams>?]): Promise<string> =>
    (await call(client, 'check', ...args)).text
  expect(await textOf({})).toBe('Give the argument folder: one of first, second.')
  expect(await textOf({ folder: 'third' })).toMatch(/^There is no workspace folder "third"/)
  expect(await textOf({ folder: 'first' })).toContain('l7-allow-rule-dropped')
  const textDocument = { uri: client.uri('first/api.yaml') }
  expect(await textOf({}, { textDocument })).toContain('l7-allow-rule-dropped')
  expect(await textOf({ folder: 'second' }, { textDocument })).toContain('"findings":[]')
})

it('a single file has no tools, and does not hide the only folder', async () => {
  const alone = await start({ folders: {} })
  alone.write('alone.yaml', MESH['allow-get.yaml'])
  await alone.open('alone.yaml', MESH['allow-get.yaml'])
  expect(await call(alone, 'check')).toEqual({ text: 'No folder is open.', isError: true })
  const client = await start({ folders: { mesh: MESH } })
  client.write('alone.yaml', MESH['api.yaml'])
  await client.open('alone.yaml', MESH['api.yaml'])
  const textDocument = { uri: client.uri('alone.yaml') }
  expect((await call(client, 'check', {}, { textDocument })).text).toContain(
    'l7-allow-rule-dropped',
  )
})

describe('in a large folder', () => {
  const files = Object.fromEntries(
    Array.from({ length: 80 }, (_, index) => [
      `policy-${index}.yaml`,
      replaceAllIn(MESH['allow-get.yaml'], ['allow-get', `allow-get-${index}`]),
    ]),
  )

  it('other requests are answered during a call', async () => {
    const client = await start({ folders: { mesh: { ...MESH, ...files } } })
    await client.open('mesh/allow-get.yaml', MESH['allow-get.yaml'])
    const ended: string[] = []
    const called = call(client, 'check').then(({ isError }) => {
      ended.push('check')
      return isError
    })
    for (let count = 0; count < 3; count++) {
      await client.hover('mesh/allow-get.yaml', 'allow-get')
      ended.push('hover')
    }
    expect(await called).toBe(false)
    expect(ended[0]).toBe('hover')
    expect(ended).toHaveLength(4)
  })

  it('a call that is cancelled ends early', async () => {
    const client = await start({ folders: { mesh: { ...MESH, ...files } } })
    const cancel = new CancellationTokenSource()
    const called = client.connection.sendRequest(
      CALL_TOOL_REQUEST,
      { name: 'check', arguments: {} },
      cancel.token,
    )
    cancel.cancel()
    await expect(called).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled })
  })
})

it('hostile calls get errors', async () => {
  const client = await start({ folders: { mesh: MESH } })
  expect(await call(client, 'rm')).toEqual({
    text: expect.stringMatching(/^Unknown tool "rm"/) as string,
    isError: true,
  })
  for (const given of [null, 1, [], { paths: ['..'] }, { other: 1 }])
    expect(await call(client, 'explain', given)).toMatchObject({ isError: true })
  const { connection } = client
  expect(await connection.sendRequest(CALL_TOOL_REQUEST, {})).toMatchObject({ isError: true })
})

it('the manifest has every tool with its closed schema and the argument folder', () => {
  const { contributes } = readManifest() as {
    contributes: {
      languageModelTools: {
        name: string
        modelDescription: string
        inputSchema: { properties: object }
      }[]
    }
  }
  expect(contributes.languageModelTools.map(({ name }) => name)).toEqual(
    TOOLS.map(({ name }) => `ambient_policy_${name}`),
  )
  for (const [index, { inputSchema, modelDescription }] of contributes.languageModelTools.entries())
    expect([inputSchema, modelDescription]).toEqual([
      {
        ...TOOLS[index]?.inputSchema,
        properties: {
          ...TOOLS[index]?.inputSchema.properties,
          folder: expect.any(Object) as object,
        },
      },
      expect.stringContaining('Never guess a verdict') as string,
    ])
})
