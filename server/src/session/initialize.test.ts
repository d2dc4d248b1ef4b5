import { expect, it, vi } from 'vitest'
import { ALLOW_GET, MESH } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

it('the server answers initialize with its capabilities and reads the files afterwards', async () => {
  const client = await start({ folders: { mesh: MESH } })
  expect(client.initialized?.capabilities).toMatchObject({
    textDocumentSync: { openClose: true, change: 2 },
    hoverProvider: true,
    codeActionProvider: {
      codeActionKinds: ['quickfix', 'refactor.rewrite', 'source.fixAll.istioAmbientPolicy'],
    },
    codeLensProvider: {},
    workspace: {
      workspaceFolders: { supported: true },
      textDocumentContent: { schemes: ['istio-ambient-policy'] },
    },
  })
  expect(client.registrations.sort()).toEqual([
    'workspace/didChangeConfiguration',
    'workspace/didChangeWatchedFiles',
  ])
  await vi.waitFor(() => {
    expect(client.progress).toEqual(['begin', 'end'])
  })
})

it('a diagnostic of a file on disk has the rule page, the tag and the related facts', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const [diagnostic] = client.diagnostics('mesh/allow-get.yaml')
  expect(diagnostic).toMatchObject({
    code: 'l7-allow-rule-dropped',
    codeDescription: { href: 'istio-ambient-policy:/rules/l7-allow-rule-dropped.md' },
    severity: 1,
    source: 'istio-ambient-policy',
    tags: [1],
    range: { start: { line: 13, character: 12 }, end: { line: 13, character: 19 } },
  })
  expect(diagnostic?.relatedInformation?.map(({ location }) => location.uri)).toContain(
    client.uri('mesh/namespace.yaml'),
  )
  expect(client.published.map(({ uri }) => uri)).toEqual([client.uri('mesh/allow-get.yaml')])
})

it('the server provides the page of a rule and the list of rules', async () => {
  const client = await start({ folders: { mesh: MESH } })
  const uri = client.diagnostics('mesh/allow-get.yaml')[0]?.codeDescription?.href
  const page = await client.connection.sendRequest<{ text: string }>(
    'workspace/textDocumentContent',
    { uri },
  )
  expect(page.text).toContain('# l7-allow-rule-dropped\n')
  expect(await client.connection.sendRequest('istioAmbientPolicy/rules')).toContainEqual(
    expect.objectContaining({ name: 'l7-allow-rule-dropped', level: 'error' }),
  )
})

it('the diagnostics of a policy outside all folders show the assumptions', async () => {
  const client = await start()
  await client.open('alone.yaml', replaceIn(ALLOW_GET, ['  namespace: shop\n', '']))
  expect(
    client.diagnostics('alone.yaml').map(({ severity, message }) => [severity, message]),
  ).toEqual([[2, expect.stringMatching(/\(assuming .+\)$/)]])
  await client.close('alone.yaml')
  expect(client.diagnostics('alone.yaml')).toEqual([])
})
