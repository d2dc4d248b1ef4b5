import { expect, it } from 'vitest'
import { ALLOW_GET, MESH, NAMESPACE } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

it('a line of a heredoc is removed by its fix and by all safe fixes', async () => {
  const text = `${NAMESPACE}EOF\n`
  const client = await start({ folders: { mesh: { 'namespace.yaml': text } } })
  await client.open('mesh/namespace.yaml', text)
  expect(client.codes('mesh/namespace.yaml')).toEqual(['heredoc-debris'])
  const everything = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
  const [all] = await client.codeActions('mesh/namespace.yaml', everything, ['source.fixAll'])
  expect(all).toMatchObject({ kind: 'source.fixAll.istioAmbientPolicy' })
  expect(await client.fix('mesh/namespace.yaml', 'EOF', 'Remove the heredoc line')).toBe(NAMESPACE)
  expect(client.codes('mesh/namespace.yaml')).toEqual([])
})

it('the action Ignore here adds a comment, which ignores the finding when it has a reason', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  const text = await client.fix(
    'mesh/allow-get.yaml',
    'methods',
    'Ignore l7-allow-rule-dropped here',
  )
  expect(text).toBe(
    replaceIn(ALLOW_GET, [
      '            methods',
      '            # ambient-policy-ignore l7-allow-rule-dropped -- reason\n            methods',
    ]),
  )
  expect(client.codes('mesh/allow-get.yaml')).toEqual(
    expect.arrayContaining(['l7-allow-rule-dropped', 'unused-suppression']),
  )
  await client.edit('mesh/allow-get.yaml', '-- reason', '-- the next release has it')
  const codes = client.codes('mesh/allow-get.yaml')
  expect(codes).not.toContain('l7-allow-rule-dropped')
  expect(codes).not.toContain('unused-suppression')
})

it('the reason of Ignore here is selected in a client with snippets', async () => {
  const client = await start({
    folders: { mesh: MESH },
    capabilities: {
      workspace: { workspaceEdit: { documentChanges: true, snippetEditSupport: true } },
    },
  })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  const range = client.rangeOf('mesh/allow-get.yaml', 'methods')
  const action = (await client.codeActions('mesh/allow-get.yaml', range)).find(
    ({ title }) => title === 'Ignore l7-allow-rule-dropped here',
  )
  const lineStart = { line: range.start.line, character: 0 }
  expect(action?.edit?.documentChanges).toMatchObject([
    {
      edits: [
        {
          range: { start: lineStart, end: lineStart },
          snippet: {
            kind: 'snippet',
            value: '            # ambient-policy-ignore l7-allow-rule-dropped -- ${1:reason}\n',
          },
        },
      ],
    },
  ])
})

it('invalid YAML cannot be ignored', async () => {
  const text = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: [\n'
  const client = await start({ folders: { mesh: { ...MESH, 'a.yaml': text } } })
  await client.open('mesh/a.yaml', text)
  const [diagnostic] = client.diagnostics('mesh/a.yaml')
  expect(diagnostic?.code).toBe('yaml-syntax')
  const titles = (
    await client.codeActions('mesh/a.yaml', diagnostic?.range ?? client.rangeOf('mesh/a.yaml', '['))
  ).map(({ title }) => title)
  expect(titles).not.toContain('Ignore yaml-syntax here')
})

it('a fix adds a setting of the repository that ends an assumption', async () => {
  const client = await start({ folders: { mesh: { 'allow-get.yaml': ALLOW_GET } } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  const actions = await client.codeActions(
    'mesh/allow-get.yaml',
    client.rangeOf('mesh/allow-get.yaml', 'methods'),
  )
  const [create, change] =
    actions.find(
      ({ title }) => title === 'This mesh does not use ambient mode (writes .ambient-policy.yaml)',
    )?.edit?.documentChanges ?? []
  expect(create).toMatchObject({
    kind: 'create',
    uri: expect.stringMatching(/\/mesh\/\.ambient-policy\.yaml$/) as string,
  })
  expect(change).toMatchObject({ edits: [{ newText: 'assumeAmbient: none\n' }] })
  client.write('mesh/.ambient-policy.yaml', 'assumeAmbient: none\n')
  await client.changedOnDisk(['mesh/.ambient-policy.yaml', 'created'])
  expect(client.codes('mesh/allow-get.yaml')).toEqual([])
})

it('a fix that opens access says what, is not preferred, and is last', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  const range = client.rangeOf('mesh/allow-get.yaml', 'methods')
  const fixes = (await client.codeActions('mesh/allow-get.yaml', range)).filter(
    ({ data }) => data !== undefined,
  )
  const opening = fixes.map(({ data }) => (data as { opens: unknown[] }).opens.length > 0)
  expect(opening).toContain(true)
  expect(opening).toEqual(opening.toSorted((a, b) => Number(a) - Number(b)))
  const last = fixes.at(-1)
  expect(last?.title).toContain('clients that bypass it are then allowed')
  expect(last?.isPreferred).toBe(false)
  expect(last?.data).toMatchObject({
    opens: [
      {
        target: { workload: 'shop/api', port: 8080 },
        clients: ['clients in ambient mode', 'clients outside the mesh'],
        witness: { to: { workload: 'shop/api', port: 8080 } },
      },
    ],
    closes: [],
  })
  expect(Object.values(last?.edit?.changeAnnotations ?? {})).toEqual([
    expect.objectContaining({
      description:
        'Opens: clients in ambient mode, clients outside the mesh, to workload shop/api port 8080. Changes 2 files.',
    }),
  ])
})

it('the action Explain uses the command of the client', async () => {
  const client = await start({
    folders: { mesh: MESH },
    initializationOptions: { openRuleCommand: 'open.rule' },
  })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  const actions = await client.codeActions(
    'mesh/allow-get.yaml',
    client.rangeOf('mesh/allow-get.yaml', 'methods'),
  )
  expect(
    actions.find(({ title }) => title === 'Explain l7-allow-rule-dropped')?.command,
  ).toMatchObject({ command: 'open.rule', arguments: ['l7-allow-rule-dropped'] })
  expect(
    await client.codeActions(
      'mesh/allow-get.yaml',
      client.rangeOf('mesh/allow-get.yaml', 'methods'),
      ['refactor'],
    ),
  ).toEqual([])
})

it.each([
  ['short', '', 50],
  ['long', `# ${'x'.repeat(200_000)}\n`, 9],
])(
  'a range with many findings of a %s file has the fixes of the first ones',
  async (_, comment, most) => {
    const text = Array.from(
      { length: 60 },
      (_, index) => `apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: {name: p${index}, namespace: shop}
spec: {selector: {matchLabels: {app: a${index}}}, mtls: {mode: STRICT}}
`,
    )
      .join('---\n')
      .concat(comment)
    const client = await start({ folders: { mesh: { 'peers.yaml': text } } })
    await client.open('mesh/peers.yaml', text)
    const actions = async (line: number) => {
      const range = { start: { line: 0, character: 0 }, end: { line, character: 0 } }
      const found = await client.codeActions('mesh/peers.yaml', range, ['quickfix'])
      return found.filter(({ title }) => title === 'Ignore deprecated-api-version here').length
    }
    expect(await actions(14)).toBe(3)
    expect(await actions(299)).toBeLessThanOrEqual(most)
  },
)
