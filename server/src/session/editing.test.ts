import { expect, it } from 'vitest'
import { ALLOW_GET, MESH, NAMESPACE } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceAllIn, replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

it('an edit publishes the file and the files that depend on it, with their versions', async () => {
  const client = await start({
    folders: {
      mesh: {
        ...MESH,
        'other.yaml': replaceAllIn(replaceIn(ALLOW_GET, ['allow-get', 'allow-other']), [
          'shop',
          'other',
        ]),
      },
    },
  })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  await client.open('mesh/namespace.yaml', NAMESPACE)
  const published = await client.publishedDuring(() =>
    client.edit('mesh/allow-get.yaml', 'methods: ["GET"]', 'ports: ["8080"]'),
  )
  expect([published, client.codes('mesh/allow-get.yaml')]).toEqual([['mesh/allow-get.yaml'], []])
  expect(client.published.at(-1)?.version).toBe(2)
  expect(
    await client.publishedDuring(() =>
      client.edit('mesh/allow-get.yaml', 'ports: ["8080"]', 'paths: ["/x"]'),
    ),
  ).toEqual(['mesh/allow-get.yaml'])
  expect(
    await client.publishedDuring(() => client.edit('mesh/namespace.yaml', 'ambient', 'none')),
  ).toEqual(['mesh/allow-get.yaml'])
  expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
})

it('an edit publishes nothing without a change, and publishes files that point into the edited file', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/namespace.yaml', NAMESPACE)
  expect(
    await client.publishedDuring(() =>
      client.edit('mesh/namespace.yaml', 'ambient\n', 'ambient\n# a comment\n'),
    ),
  ).toEqual([])
  expect(
    await client.publishedDuring(() =>
      client.edit('mesh/namespace.yaml', 'apiVersion', '# one line more\napiVersion'),
    ),
  ).toEqual(['mesh/allow-get.yaml'])
  const lines = client
    .diagnostics('mesh/allow-get.yaml')[0]
    ?.relatedInformation?.filter(({ location }) => location.uri.endsWith('namespace.yaml'))
    .map(({ location }) => location.range.start.line)
  expect(lines).toEqual([6])
})

it('the diagnostics of a file are published again when it is opened', async () => {
  const client = await start({ folders: { mesh: MESH } })
  expect(await client.publishedDuring(() => client.open('mesh/allow-get.yaml', ALLOW_GET))).toEqual(
    ['mesh/allow-get.yaml'],
  )
  expect(await client.publishedDuring(() => client.open('mesh/allow-get.yaml', ALLOW_GET))).toEqual(
    ['mesh/allow-get.yaml'],
  )
  expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
  expect(await client.publishedDuring(() => client.open('mesh/namespace.yaml', NAMESPACE))).toEqual(
    [],
  )
})

it('after incomplete and hostile text, the findings come back', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', ALLOW_GET)
  for (const next of [
    'methods: [',
    'methods: {{ .Values }}',
    'methods: &a [*a]',
    'methods: ["\u{1F600}"',
    '\tmethods: "',
    '<<<<<<< HEAD',
  ]) {
    await client.edit('mesh/allow-get.yaml', 'methods: ["GET"]', next)
    await client.edit('mesh/allow-get.yaml', next, 'methods: ["GET"]')
    expect(client.codes('mesh/allow-get.yaml')).toContain('l7-allow-rule-dropped')
  }
})

it('positions count characters in UTF-16', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open(
    'mesh/allow-get.yaml',
    replaceIn(
      ALLOW_GET,
      ['    - to:', '    - to: # 😀\n'],
      [
        'operation:\n            methods: ["GET"]',
        'operation: { hosts: ["😀"], methods: ["GET"] }',
      ],
    ),
  )
  const { range } =
    client
      .diagnostics('mesh/allow-get.yaml')
      .find(({ code }) => code === 'l7-allow-rule-dropped') ?? {}
  expect(range).toEqual(client.rangeOf('mesh/allow-get.yaml', 'hosts'))
  expect(await client.hover('mesh/allow-get.yaml', 'methods')).toBeDefined()
})

it('positions and fixes are right with a byte order mark and line ends of Windows', async () => {
  const client = await start({ folders: { mesh: MESH } })
  await client.open('mesh/allow-get.yaml', `\ufeff${replaceAllIn(ALLOW_GET, ['\n', '\r\n'])}`)
  const rangeOfFinding = (): unknown => client.diagnostics('mesh/allow-get.yaml')[0]?.range
  expect(rangeOfFinding()).toEqual(client.rangeOf('mesh/allow-get.yaml', 'methods'))
  await client.edit('mesh/allow-get.yaml', 'kind', '# a comment\r\nkind')
  expect(rangeOfFinding()).toEqual(client.rangeOf('mesh/allow-get.yaml', 'methods'))
  const before = client.text('mesh/allow-get.yaml')
  expect(
    await client.fix('mesh/allow-get.yaml', 'methods', 'Ignore l7-allow-rule-dropped here'),
  ).toBe(
    replaceIn(before, [
      '            methods',
      '            # ambient-policy-ignore l7-allow-rule-dropped -- reason\r\n            methods',
    ]),
  )
})

it.each(['untitled:Untitled-1', 'memfs:/a%20b/x.yaml', 'vscode-vfs://github/a/b/x.yaml'])(
  'the document %s without a file has findings, until it is closed',
  async (uri) => {
    const client = await start()
    const codes = (): unknown[] =>
      (client.published.findLast((each) => each.uri === uri)?.diagnostics ?? []).map(
        ({ code }) => code,
      )
    await client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text: ALLOW_GET },
    })
    await client.idle()
    expect(codes()).toEqual(['l7-allow-rule-dropped'])
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } })
    await client.idle()
    expect(codes()).toEqual([])
  },
)
