import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CALL_TOOL_REQUEST,
  EVALUATE_CHOICES_REQUEST,
  EVALUATE_REQUEST,
  EXPLAIN_LOG_REQUEST,
  MESH_VIEW_REQUEST,
  OBJECT_DOCUMENTS_REQUEST,
  RULES_REQUEST,
  rulePageUri,
  type CallToolResult,
  type EvaluateResult,
  type ExplainLogResult,
  type MeshViewResult,
  type ObjectDocumentsResult,
  type RuleSummary,
} from '@istio-ambient-policy/shared'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CompletionItem } from 'vscode-languageserver'
import { IsolationGuard } from './testing/isolationGuard.js'
import { ScriptedClient } from './testing/scriptedClient.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SHOP = join(ROOT, 'test-fixtures/meshes/shop')
const POLICIES = 'mesh/policies.yaml'

let guard: IsolationGuard
beforeEach(() => {
  guard = new IsolationGuard()
})
afterEach(() => {
  guard.dispose()
})

it.each(['stdio', 'ipc'] as const)(
  'over %s, all features work without the network and without another process or thread',
  async (transport) => {
    const files = Object.fromEntries(
      readdirSync(SHOP).map((name) => [name, readFileSync(join(SHOP, name), 'utf8')]),
    )
    const initializationOptions = {
      status: true,
      evaluateCommand: 'evaluate',
      openRuleCommand: 'openRule',
      showReceivedCommand: 'showReceived',
      showStatusCommand: 'showStatus',
    }
    const client = await ScriptedClient.start({
      folders: { mesh: files },
      transport,
      preload: guard.preload,
      initializationOptions,
    })
    const textDocument = { uri: client.uri(POLICIES) }
    const ask = <T>(method: string, params: object = {}): Promise<T> =>
      client.connection.sendRequest(method, { textDocument, ...params })
    const text = async (uri: string): Promise<string> =>
      (await ask<{ text: string }>('workspace/textDocumentContent', { uri })).text
    await client.open(POLICIES, files['policies.yaml'] ?? '')
    expect(client.codes(POLICIES)).toContain('waypoint-identity-denied')

    const object = { position: client.position(POLICIES, 'cart-owners') }
    const range = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } }
    expect(await client.hover(POLICIES, 'cart-owners')).toMatch(/destination ztunnel/)
    expect((await client.codeActions(POLICIES, range)).length).toBeGreaterThan(3)
    expect(
      (await client.codeActions(POLICIES, range, ['source.fixAll'])).length,
    ).toBeLessThanOrEqual(1)
    expect(await ask('textDocument/codeLens')).not.toEqual([])
    expect(await ask('textDocument/inlayHint', { range })).not.toEqual([])
    expect(await ask('textDocument/documentLink')).toBeInstanceOf(Array)
    expect(
      await ask('textDocument/references', { ...object, context: { includeDeclaration: true } }),
    ).not.toEqual([])
    await ask('textDocument/definition', { position: client.position(POLICIES, 'shop/web') })
    await ask('textDocument/documentHighlight', { position: client.position(POLICIES, 'shop/web') })
    await ask('textDocument/prepareRename', { position: client.position(POLICIES, 'shop/web') })
    await ask('textDocument/prepareCallHierarchy', object)
    expect(await ask('workspace/symbol', { query: 'cart' })).not.toEqual([])
    await client.edit(POLICIES, '["shop/web', '["')
    expect(
      (
        await ask<CompletionItem[]>('textDocument/completion', {
          position: client.rangeOf(POLICIES, 'serviceAccounts: ["').end,
        })
      ).map(({ label }) => label),
    ).toContain('web')
    await client.edit(POLICIES, 'serviceAccounts: ["', 'serviceAccounts: ["shop/web')

    expect((await ask<RuleSummary[]>(RULES_REQUEST)).length).toBeGreaterThan(50)
    expect(await text(rulePageUri('yaml-syntax'))).toContain('yaml-syntax')
    const documents = await ask<ObjectDocumentsResult>(OBJECT_DOCUMENTS_REQUEST, object)
    expect(await text(documents?.received ?? '')).toContain('cart-owners')
    expect(await text(documents?.status ?? '')).toContain('ZtunnelAccepted')
    expect(await ask(EVALUATE_CHOICES_REQUEST)).not.toBeNull()
    const request = {
      id: '1',
      from: { namespace: 'shop', serviceAccount: 'web' },
      to: { service: 'shop/cart', port: 80 },
      http: { method: 'GET', path: '/items' },
    }
    expect((await ask<EvaluateResult>(EVALUATE_REQUEST, { request }))?.answer).toMatchObject({
      verdict: 'deny',
    })
    expect((await ask<MeshViewResult>(MESH_VIEW_REQUEST))?.meshes).toHaveLength(1)
    const log = 'rbac_access_denied_matched_policy[ns[shop]-policy[no-admin]-rule[0]]'
    expect(await ask<ExplainLogResult>(EXPLAIN_LOG_REQUEST, { log })).toHaveProperty('answers')
    for (const name of ['check', 'fixes', 'status'])
      expect(await ask<CallToolResult>(CALL_TOOL_REQUEST, { name, arguments: {} })).toMatchObject({
        isError: false,
      })

    client.write('mesh/more.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: more}\n')
    await client.changedOnDisk(['mesh/more.yaml', 'created'])
    await client.changeSettings({ rules: { 'waypoint-identity-denied': 'off' } })
    expect(client.codes(POLICIES)).not.toContain('waypoint-identity-denied')
    await client.close(POLICIES)
    expect(await client.stop()).toBe(0)
    expect(guard.calls).toEqual([])
  },
)

it('the guard records each call that leaves the process', () => {
  const ways = {
    "require('net').connect(9)": 'node:net.connect',
    "new (require('net').Socket)().connect(9)": 'node:net.Socket.connect',
    "new (require('net').Server)().listen(0)": 'node:net.Server.listen',
    "require('tls').connect(9)": 'node:tls.connect',
    "require('http').get('http://127.0.0.1:9')": 'node:http.get',
    "require('https').request('https://127.0.0.1:9')": 'node:https.request',
    "require('http2').connect('http://127.0.0.1:9')": 'node:http2.connect',
    "require('dns').lookup('localhost', () => {})": 'node:dns.lookup',
    "require('dns').promises.resolve('localhost')": 'node:dns/promises.resolve',
    "require('dgram').createSocket('udp4')": 'node:dgram.createSocket',
    "require('child_process').spawnSync('true')": 'node:child_process.spawnSync',
    "require('child_process').fork('x')": 'node:child_process.fork',
    "require('cluster').fork()": 'node:cluster.fork',
    "new (require('worker_threads').Worker)('', { eval: true })": 'node:worker_threads.Worker',
    "require('inspector').open(0)": 'node:inspector.open',
    "process.dlopen({ exports: {} }, 'x.node')": 'process.dlopen',
    "fetch('http://127.0.0.1:9')": 'fetch',
    "new WebSocket('ws://127.0.0.1:9')": 'WebSocket',
  }
  const folder = mkdtempSync(join(tmpdir(), 'ambient-policy-'))
  try {
    writeFileSync(join(folder, 'guard.cjs'), guard.preload)
    const script = Object.keys(ways)
      .map((way) => `try { ${way} } catch { /* the guard's */ }`)
      .join('\n')
    execFileSync(process.execPath, ['--require', join(folder, 'guard.cjs'), '--eval', script])
    expect(guard.calls).toEqual(Object.values(ways))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
