import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADD_TEST_REQUEST,
  RUN_TESTS_REQUEST,
  SERVER_COMMANDS,
  TESTS_REQUEST,
  type AddTestResult,
  type RunTestsResult,
  type TestsResult,
} from '@istio-ambient-policy/shared'
import type { CodeLens, CompletionItem, Hover } from 'vscode-languageserver'
import { ScriptedClient } from '../testing/scriptedClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop, labels: {app: api, istio.io/dataplane-mode: ambient}}\nspec: {serviceAccountName: api, containers: [{name: api, ports: [{containerPort: 8080}]}]}\n'
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-web, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  action: DENY
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
`
const TESTS = `mesh: ../deploy
cases:
  - name: web is denied
    request: {from: shop/web, to: "workload shop/api:8080"}
    expect: deny
  - name: web is allowed
    request: {from: shop/web, to: "workload shop/api:8080"}
    expect: allow
rules:
  - name: cart is allowed
    always: {from: shop/cart, to: workload shop/api}
`
const NAME = 'repo/tests/a.access-test.yaml'

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({
    folders: {
      repo: {
        'deploy/pod.yaml': POD,
        'deploy/policy.yaml': POLICY,
        'other/policy.yaml': replaceIn(POLICY, ['[web]', '[cart]'], ['no-web', 'no-cart']),
        'tests/a.access-test.yaml': TESTS,
        'tests/closed.access-test.yaml': TESTS,
      },
    },
  })
  await client.open(NAME, TESTS)
})
afterAll(() => client.stop())

const textDocument = (name: string): { uri: string } => ({ uri: client.uri(name) })
const run = (name: string, names?: readonly string[]): Promise<RunTestsResult | null> =>
  client.connection.sendRequest(RUN_TESTS_REQUEST, { textDocument: textDocument(name), names })
const statuses = (result: RunTestsResult | null): unknown =>
  result?.tests.map(({ name, status }) => [name, status])

describe('running tests', () => {
  it('the tests of a file are listed without running them', async () => {
    const listed: TestsResult | null = await client.connection.sendRequest(TESTS_REQUEST, {
      textDocument: textDocument('repo/tests/closed.access-test.yaml'),
    })
    expect(listed?.tests.map(({ name, kind, range }) => [name, kind, range.start.line])).toEqual([
      ['web is denied', 'case', 2],
      ['web is allowed', 'case', 5],
      ['cart is allowed', 'rule', 9],
    ])
    expect(
      await client.connection.sendRequest(TESTS_REQUEST, {
        textDocument: textDocument('repo/deploy/pod.yaml'),
      }),
    ).toBeNull()
  })

  it('a failure has the answer of each proxy and the place of the rule', async () => {
    const result = await run(NAME)
    expect(statuses(result)).toEqual([
      ['web is denied', 'passed'],
      ['web is allowed', 'failed'],
      ['cart is allowed', 'passed'],
    ])
    const [failure] = result?.tests[1]?.failures ?? []
    expect(failure?.lines).toEqual([
      'The request is denied, but must be allowed.',
      'shop/web → workload shop/api:8080: denied',
      '1. ztunnel shop/api port 8080, sees cluster.local/ns/shop/sa/web: denied, denied by shop/no-web',
    ])
    expect(failure?.places).toMatchObject([
      {
        policy: 'shop/no-web',
        uri: client.uri('repo/deploy/policy.yaml'),
        range: { start: { line: 7 } },
      },
    ])
  })

  it('only the named tests run, also of a file that is not open', async () => {
    expect(statuses(await run('repo/tests/closed.access-test.yaml', ['cart is allowed']))).toEqual([
      ['cart is allowed', 'passed'],
    ])
    expect(await run('repo/deploy/pod.yaml')).toBeNull()
  })

  it('texts that are not saved count', async () => {
    await client.open('repo/deploy/policy.yaml', POLICY)
    await client.edit('repo/deploy/policy.yaml', '[web]', '[cart]')
    expect(statuses(await run(NAME))).toEqual([
      ['web is denied', 'failed'],
      ['web is allowed', 'passed'],
      ['cart is allowed', 'failed'],
    ])
    await client.edit('repo/deploy/policy.yaml', '[cart]', '[web]')
  })

  it('the command of other editors shows the result', async () => {
    const before = client.log.length
    const result = await client.connection.sendRequest('workspace/executeCommand', {
      command: SERVER_COMMANDS.runTests,
      arguments: [{ textDocument: textDocument(NAME) }],
    })
    expect(statuses(result as RunTestsResult)).toHaveLength(3)
    expect(client.log.slice(before)).toEqual([
      '3 policy tests: 2 passed, 1 failed (web is allowed).',
    ])
    expect(client.diagnostics(NAME)).toMatchObject([
      {
        range: { start: { line: 5, character: 10 } },
        message: expect.stringContaining('must be allowed.') as string,
      },
    ])
    expect(
      await client.connection.sendRequest('workspace/executeCommand', {
        command: SERVER_COMMANDS.runTests,
        arguments: [NAME],
      }),
    ).toEqual({ problem: 'The argument must have the field textDocument.uri.' })
  })
})

describe('pinning a request', () => {
  const add = (name: string, request: unknown): Promise<AddTestResult> =>
    client.connection.sendRequest(ADD_TEST_REQUEST, {
      textDocument: textDocument(name),
      request,
      expect: 'deny',
    })
  const request = {
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { workload: 'shop/api', port: 8080 },
  }

  it('a case is added to a test file, also to a new one', async () => {
    const { edits } = await add(NAME, request)
    expect(edits).toMatchObject([
      {
        newText: expect.stringContaining('shop/web cannot reach workload shop/api:8080') as string,
      },
    ])
    expect((await add('repo/new.access-test.yaml', request)).edits).toHaveLength(1)
  })

  it('another file, and a request that is not valid, are problems', async () => {
    expect((await add('repo/deploy/pod.yaml', request)).problem).toMatch(/must end with/)
    expect((await add(NAME, { from: {} })).problem).toMatch(/^from needs/)
  })
})

describe('editing tests', () => {
  it('problems are diagnostics at their places, and no test runs', async () => {
    await client.edit(NAME, 'expect: deny', 'expects: deny')
    expect(
      client.diagnostics(NAME).map(({ range, message }) => [range.start.line, message]),
    ).toEqual([
      [4, 'Unknown key "expects" in a case. Did you mean "expect"?'],
      [2, 'A case needs "expect".'],
    ])
    expect(await run(NAME)).toMatchObject({ tests: [], problems: [{}, {}] })
    await client.edit(NAME, 'expects: deny', 'expect: deny')
    expect(client.diagnostics(NAME)).toEqual([])
  })

  it('a path without files is a problem', async () => {
    await client.edit(NAME, '../deploy', '../gone')
    expect(client.diagnostics(NAME).map(({ message }) => message)).toEqual([
      `The path ${client.path('repo/gone')} of the mesh has no files that are read.`,
    ])
    await client.edit(NAME, '../gone', '../../..')
    expect(client.diagnostics(NAME)[0]?.message).toMatch(
      / of the mesh is outside of the workspace\.$/,
    )
    await client.edit(NAME, '../../..', '../deploy')
  })

  it('code lenses run tests', async () => {
    const lenses: CodeLens[] = await client.connection.sendRequest('textDocument/codeLens', {
      textDocument: textDocument(NAME),
    })
    expect(lenses.map(({ range, command }) => [range.start.line, command?.title])).toEqual([
      [0, 'Run all tests'],
      [0, 'Find missing tests'],
      [2, 'Run test'],
      [5, 'Run test'],
      [9, 'Run test'],
    ])
    expect(lenses[2]?.command).toMatchObject({
      command: SERVER_COMMANDS.runTests,
      arguments: [{ textDocument: textDocument(NAME), names: ['web is denied'] }],
    })
  })

  it('keys have hovers, and names of the mesh are completed', async () => {
    expect(await client.hover(NAME, 'expect')).toContain('**expect**')
    const hover: Hover | null = await client.connection.sendRequest('textDocument/hover', {
      textDocument: textDocument(NAME),
      position: client.position(NAME, 'shop/web'),
    })
    expect(hover?.contents).toMatchObject({ value: '**Namespace shop**\n\nNot in these files.\n' })
    const items: CompletionItem[] = await client.connection.sendRequest('textDocument/completion', {
      textDocument: textDocument(NAME),
      position: client.position(NAME, 'shop/web'),
    })
    expect(items.map(({ label }) => label)).toEqual(['shop/api', 'outside'])
  })

  it('a test file is no manifest: it has no findings, before and after it is closed', async () => {
    const { uri } = textDocument(NAME)
    await client.close(NAME)
    expect(client.published.findLast((each) => each.uri === uri)?.diagnostics).toEqual([])
  })
})
