import {
  MISSING_TESTS_REQUEST,
  RUN_TESTS_REQUEST,
  SERVER_COMMANDS,
  type MissingTestsResult,
  type RunTestsResult,
} from '@istio-ambient-policy/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CancellationTokenSource } from 'vscode-languageserver-protocol'
import type { CodeAction, CodeLens } from 'vscode-languageserver'
import { ScriptedClient } from '../testing/scriptedClient.js'

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop, labels: {app: api, istio.io/dataplane-mode: ambient}}\nspec: {serviceAccountName: api, containers: [{name: api, ports: [{containerPort: 8080}]}]}\n'
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
  - from: [{source: {serviceAccounts: [cart]}}]
`
const TESTS = `mesh: ../deploy
cases:
  - name: web is allowed
    request: {from: shop/web, to: "workload shop/api:8080"}
    expect: allow
`
const NAME = 'repo/tests/a.access-test.yaml'
const POLICY_FILE = 'repo/deploy/policy.yaml'
const CART = 'shop/cart can reach workload shop/api:8080'

let client: ScriptedClient
beforeEach(async () => {
  client = await ScriptedClient.start({
    folders: {
      repo: {
        'deploy/pod.yaml': POD,
        'deploy/policy.yaml': POLICY,
        'tests/a.access-test.yaml': TESTS,
        'tests/bad.access-test.yaml': 'mesh: gone\ncases: []\n',
      },
    },
    capabilities: { workspace: { configuration: true, workspaceEdit: { documentChanges: true } } },
  })
  await client.open(NAME, TESTS)
  await client.open(POLICY_FILE, POLICY)
})
afterEach(() => client.stop())

const textDocument = (name: string): { uri: string } => ({ uri: client.uri(name) })
const find = (name = NAME): Promise<MissingTestsResult | null> =>
  client.connection.sendRequest(MISSING_TESTS_REQUEST, { textDocument: textDocument(name) })

async function actions(file: string, needle: string): Promise<CodeAction[]> {
  const { start } = client.rangeOf(file, needle)
  const found: CodeAction[] | null = await client.connection.sendRequest(
    'textDocument/codeAction',
    {
      textDocument: textDocument(file),
      range: { start, end: start },
      context: { diagnostics: [], only: ['quickfix'] },
    },
  )
  return (found ?? []).filter(({ title }) => title.startsWith('Add '))
}
const titles = async (file: string, needle: string): Promise<string[]> =>
  (await actions(file, needle)).map(({ title }) => title)

const missing = (name: string): string[] =>
  client
    .diagnostics(name)
    .filter(({ code }) => code === 'policy-test-missing')
    .flatMap(({ message }) => (typeof message === 'string' ? message : []))

describe('missing tests', () => {
  it('are the requests that notice what no test notices', async () => {
    const found = await find()
    expect(found).toMatchObject({ notTried: 0, problems: [] })
    const cart = found?.missing.find(({ name }) => name === CART)
    expect(cart).toMatchObject({
      request: {
        from: { namespace: 'shop', serviceAccount: 'cart' },
        to: { workload: 'shop/api', port: 8080 },
      },
      expect: 'allow',
      parts: [
        {
          part: 'AuthorizationPolicy shop/readers spec.rules[1]',
          place: { uri: client.uri(POLICY_FILE), range: { start: { line: 7 } } },
        },
      ],
    })
    expect(found?.noticed).toBeGreaterThan(0)
  })

  it('are diagnostics of the test file until it has them', async () => {
    await find()
    const before = missing(NAME)
    expect(before).toContain(
      `A test is missing: ${CART}. No test notices AuthorizationPolicy shop/readers spec.rules[1].`,
    )
    await client.edit(
      NAME,
      'cases:\n',
      'cases:\n  - {name: a, request: {to: "workload shop/api:8080", from: shop/cart}, expect: allow}\n',
    )
    expect(missing(NAME)).toEqual(before.filter((message) => !message.includes(CART)))
  })

  it('are code actions at the part of the policy, and in the test file', async () => {
    expect(await titles(POLICY_FILE, '[cart]')).toEqual([])
    const found = await find()
    expect(await titles(POLICY_FILE, '[cart]')).toEqual([
      // Without `from`, the rule allows all clients.
      'Add the missing test: shop/api cannot reach workload shop/api:8080',
      `Add the missing test: ${CART}`,
    ])
    expect(await titles(POLICY_FILE, 'kind')).toEqual([])
    const names = found?.missing.map(({ name }) => `Add the missing test: ${name}`) ?? []
    expect(names.length).toBeGreaterThan(1)
    expect(await titles(NAME, 'mesh')).toEqual([`Add all ${names.length} missing tests`, ...names])
    const [, action] = await actions(POLICY_FILE, '[cart]')
    const [change] = action?.edit?.documentChanges ?? []
    expect(change).toMatchObject({ textDocument: { uri: client.uri(NAME) } })
    expect(JSON.stringify(change)).toContain(CART)
  })

  it('are forgotten when a manifest changes', async () => {
    await find()
    expect(missing(NAME)).not.toEqual([])
    await client.edit(POLICY_FILE, '[cart]', '[front]')
    expect(missing(NAME)).toEqual([])
    expect(await titles(POLICY_FILE, '[front]')).toEqual([])
    expect(await titles(NAME, 'mesh')).toEqual([])
  })

  it('a file with a problem has the problem, and another file has no answer', async () => {
    expect(await find('repo/tests/bad.access-test.yaml')).toMatchObject({
      missing: [],
      problems: [{ message: expect.stringContaining('has no files that are read') as string }],
    })
    expect(await find(POLICY_FILE)).toBeNull()
  })

  it('the search can be cancelled', async () => {
    const source = new CancellationTokenSource()
    const search = client.connection.sendRequest(
      MISSING_TESTS_REQUEST,
      { textDocument: textDocument(NAME) },
      source.token,
    )
    source.cancel()
    await expect(search).rejects.toThrow('cancelled')
    expect(missing(NAME)).toEqual([])
  })

  it('other editors have a command, and a code lens for it', async () => {
    const before = client.log.length
    const result = await client.connection.sendRequest('workspace/executeCommand', {
      command: SERVER_COMMANDS.findMissingTests,
      arguments: [{ textDocument: textDocument(NAME) }],
    })
    const { missing: found, noticed, withoutEffect } = result as MissingTestsResult
    expect(client.log.slice(before)).toEqual([
      `${found.length} policy tests are missing: code actions add them. Parts of the policies: ${noticed} noticed, ${withoutEffect} without effect.`,
    ])
    expect(
      await client.connection.sendRequest('workspace/executeCommand', {
        command: SERVER_COMMANDS.findMissingTests,
        arguments: [NAME],
      }),
    ).toEqual({ problem: 'The argument must have the field textDocument.uri.' })
    const lenses: CodeLens[] = await client.connection.sendRequest('textDocument/codeLens', {
      textDocument: textDocument(NAME),
    })
    expect(lenses.map(({ command }) => command?.title)).toContain('Find missing tests')
  })
})

describe('coverage', () => {
  const run = (coverage?: boolean): Promise<RunTestsResult | null> =>
    client.connection.sendRequest(RUN_TESTS_REQUEST, {
      textDocument: textDocument(NAME),
      ...(coverage === undefined ? {} : { coverage }),
    })

  it('has the cases of each rule, and of no matching rule', async () => {
    const result = await run(true)
    expect(
      result?.coverage?.map(({ uri, range, policy, rule, cases }) => [
        uri === client.uri(POLICY_FILE),
        range.start.line,
        policy,
        rule,
        cases,
      ]),
    ).toEqual([
      [true, 6, 'shop/readers', 0, ['web is allowed']],
      [true, 7, 'shop/readers', 1, []],
      [true, 2, 'shop/readers', null, []],
    ])
  })

  it('is not in a result that does not need it', async () => {
    expect(Object.keys((await run()) ?? {})).toEqual(['tests', 'problems'])
  })
})
