import { expect, it } from 'vitest'
import {
  ACCESS_MATRIX_REQUEST,
  ACCESS_REQUEST,
  BASE_TEXTS_NOTIFICATION,
  COMPARE_ACCESS_REQUEST,
  MESH_VIEW_REQUEST,
  type AccessMatrixResult,
  type AccessParams,
  type AccessResult,
  type CompareAccessResult,
  type MeshViewResult,
} from '@istio-ambient-policy/shared'
import type { CodeLens } from 'vscode-languageserver'
import { API, NAMESPACE } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

const policy = (account: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: callers
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["${account}"]
`
const FILES = { 'namespace.yaml': NAMESPACE, 'api.yaml': API, 'policy.yaml': policy('shop/web') }
const POLICY = 'mesh/policy.yaml'
const api = { kind: 'workload', name: 'shop/api' } as const

async function startedClient() {
  const client = await start({
    folders: { mesh: FILES },
    initializationOptions: { accessCommand: 'who.can', compareCommand: 'compare' },
  })
  await client.open(POLICY, FILES['policy.yaml'])
  const textDocument = { uri: client.uri(POLICY) }
  const lenses = async (file = POLICY) =>
    (
      await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri: client.uri(file) },
      })
    ).flatMap(({ command }) => command ?? [])
  return {
    client,
    lenses,
    access: (params: Omit<AccessParams, 'textDocument'>) =>
      client.connection.sendRequest<AccessResult>(ACCESS_REQUEST, { textDocument, ...params }),
    compare: () =>
      client.connection.sendRequest<CompareAccessResult>(COMPARE_ACCESS_REQUEST, { textDocument }),
    base: (text: string | null, file = POLICY) =>
      client.connection.sendNotification(BASE_TEXTS_NOTIFICATION, {
        name: 'HEAD',
        files: [{ uri: client.uri(file), text }],
      }),
  }
}

it('who can reach a workload has the place of the rule that allows it, and follows unsaved text', async () => {
  const { client, access } = await startedClient()
  const before = await access({ to: api })
  expect(before?.access).toMatchObject([
    {
      target: { workload: 'shop/api', port: 8080 },
      clients: ['shop/web'],
      requests: {},
      verdict: 'allow',
      reason: 'allowed by shop/callers',
      place: { uri: client.uri(POLICY) },
    },
  ])
  await client.open(POLICY, policy('shop/cart'))
  expect((await access({ to: api }))?.access[0]?.clients).toEqual(['shop/cart'])
  expect(await access({ to: { ...api, port: 9 } })).toMatchObject({ access: [] })
})

it('the access of one client has what is denied too', async () => {
  const { access } = await startedClient()
  expect((await access({ to: api, from: {} }))?.access).toMatchObject([{ verdict: 'deny' }])
  const from = { namespace: 'shop', serviceAccount: 'web' }
  expect((await access({ to: api, from }))?.access).toMatchObject([{ verdict: 'allow' }])
})

it('the access matrix has the destinations of a namespace with their places', async () => {
  const { client } = await startedClient()
  const { meshes } =
    (await client.connection.sendRequest<MeshViewResult>(MESH_VIEW_REQUEST, {})) ?? {}
  const matrix = await client.connection.sendRequest<AccessMatrixResult>(ACCESS_MATRIX_REQUEST, {
    mesh: meshes?.[0]?.id,
    namespace: 'shop',
  })
  expect(matrix?.targets).toEqual([{ workload: 'shop/api', port: 8080 }])
  expect(matrix?.places).toMatchObject([{ uri: client.uri('mesh/api.yaml') }])
  expect(matrix?.rows.map(({ cells }) => cells)).toContainEqual(['deny'])
  expect(
    await client.connection.sendRequest(ACCESS_MATRIX_REQUEST, { mesh: 'no such mesh' }),
  ).toBeNull()
})

it('a workload has the lens Who can reach this?', async () => {
  const { client, lenses } = await startedClient()
  expect(await lenses('mesh/api.yaml')).toContainEqual({
    title: 'Who can reach this?',
    command: 'who.can',
    arguments: [
      { uri: client.uri('mesh/api.yaml'), to: { kind: 'workload', name: 'shop/api', port: 8080 } },
    ],
  })
})

it('a policy that is different at a revision has a lens with what it opens and closes', async () => {
  const { client, lenses, base } = await startedClient()
  const since = async () =>
    (await lenses()).filter(({ command }) => command === 'compare').map(({ title }) => title)
  expect(await since()).toEqual([])
  await base(policy('shop/cart'))
  expect(await since()).toEqual(['opens 1 · closes 1 since HEAD'])
  await client.open(POLICY, replaceIn(policy('shop/cart'), ['ALLOW', 'DENY']))
  expect(await since()).toEqual(['opens 1 · closes 1 since HEAD'])
  await client.open(POLICY, `# a comment\n${policy('shop/cart')}`)
  expect(await since()).toEqual([])
  await base(null)
  expect(await since()).toEqual(['closes 1 since HEAD'])
})

it('the comparison with a revision names the changes, and needs the texts of the revision', async () => {
  const { client, compare, base } = await startedClient()
  expect(await compare()).toBeNull()
  await base(policy('shop/cart'))
  expect(await compare()).toMatchObject({
    name: 'HEAD',
    changes: [
      {
        kind: 'gained',
        target: { workload: 'shop/api', port: 8080 },
        clients: ['shop/web'],
        before: { verdict: 'deny', reason: 'no ALLOW rule matched', place: null },
        after: { verdict: 'allow', place: { uri: client.uri(POLICY) } },
      },
      { kind: 'lost', clients: ['shop/cart'] },
    ],
    same: 0,
  })
})

it('a file that was deleted since the revision counts', async () => {
  const { compare, base } = await startedClient()
  await base(replaceIn(policy('shop/cart'), ['ALLOW', 'DENY'], ['callers', 'old']), 'mesh/old.yaml')
  expect((await compare())?.changes).toEqual([])
  await base(replaceIn(policy('shop/web'), ['ALLOW', 'DENY'], ['callers', 'old']), 'mesh/old.yaml')
  expect((await compare())?.changes).toMatchObject([{ kind: 'gained', clients: ['shop/web'] }])
})

it('other editors ask with workspace/executeCommand', async () => {
  const { client, access, compare } = await startedClient()
  const textDocument = { uri: client.uri(POLICY) }
  const run = (command: string, argument: unknown) =>
    client.connection.sendRequest('workspace/executeCommand', { command, arguments: [argument] })
  expect(await run('ambient-policy.access', { textDocument, to: api })).toEqual(
    await access({ to: api }),
  )
  const files = [{ uri: textDocument.uri, text: policy('shop/cart') }]
  const compared = await run('ambient-policy.compareAccess', { textDocument, name: 'main', files })
  expect(compared).toMatchObject({ name: 'main', changes: [{ kind: 'gained' }, { kind: 'lost' }] })
  expect(compared).toEqual(await compare())
  for (const command of ['ambient-policy.access', 'ambient-policy.compareAccess'])
    expect(await run(command, { textDocument })).toMatchObject({
      problem: expect.stringContaining('must have the fields') as string,
    })
})
