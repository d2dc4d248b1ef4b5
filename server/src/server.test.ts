import { afterEach, describe, expect, it, vi } from 'vitest'
import { CancellationTokenSource } from 'vscode-languageserver'
import { ScriptedClient, type ScriptedClientOptions } from './testing/scriptedClient.js'

const clients: ScriptedClient[] = []

async function start(options: ScriptedClientOptions = {}): Promise<ScriptedClient> {
  const client = await ScriptedClient.start(options)
  clients.push(client)
  return client
}

afterEach(async () => {
  for (const client of clients.splice(0)) expect(await client.stop()).toBe(0)
})

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
`
const API = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      containers:
        - name: api
          image: api
          ports:
            - containerPort: 8080
`
const ALLOW_GET = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`
const MESH = { 'namespace.yaml': NAMESPACE, 'api.yaml': API, 'allow-get.yaml': ALLOW_GET }

describe('a session', () => {
  it('tells at once what it can do, and reads after that', async () => {
    const client = await start({ folders: { mesh: MESH } })
    expect(client.initialized?.capabilities).toMatchObject({
      textDocumentSync: { openClose: true, change: 2 },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.istioAmbientPolicy'] },
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

  it('finds what files on disk say, with the facts, the rule page and the faded text', async () => {
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

  it('serves the page behind the link, and lists the rules', async () => {
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

  it('says what it assumes of a policy outside every folder', async () => {
    const client = await start()
    await client.open('alone.yaml', ALLOW_GET.replace('  namespace: shop\n', ''))
    expect(
      client.diagnostics('alone.yaml').map(({ severity, message }) => [severity, message]),
    ).toEqual([[2, expect.stringMatching(/\(assumes that .+\)$/)]])
    await client.close('alone.yaml')
    expect(client.diagnostics('alone.yaml')).toEqual([])
  })
})

describe('editing', () => {
  it('publishes the edited file and whatever depends on it, each with its version', async () => {
    const client = await start({
      folders: {
        mesh: {
          ...MESH,
          'other.yaml': ALLOW_GET.replace('allow-get', 'allow-other').replaceAll('shop', 'other'),
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

  it('publishes nothing where nothing changed, and moves what points into an edited file', async () => {
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

  it('tells again of a file that is opened: an editor may have dropped what it knew of it', async () => {
    const client = await start({ folders: { mesh: MESH } })
    expect(
      await client.publishedDuring(() => client.open('mesh/allow-get.yaml', ALLOW_GET)),
    ).toEqual(['mesh/allow-get.yaml'])
    expect(
      await client.publishedDuring(() => client.open('mesh/allow-get.yaml', ALLOW_GET)),
    ).toEqual(['mesh/allow-get.yaml'])
    expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
    expect(
      await client.publishedDuring(() => client.open('mesh/namespace.yaml', NAMESPACE)),
    ).toEqual([])
  })

  it('survives half-typed and hostile text, and finds the rest', async () => {
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

  it('counts characters in UTF-16, as the protocol does', async () => {
    const client = await start({ folders: { mesh: MESH } })
    await client.open(
      'mesh/allow-get.yaml',
      ALLOW_GET.replace('    - to:', '    - to: # 😀\n').replace(
        'operation:\n            methods: ["GET"]',
        'operation: { hosts: ["😀"], methods: ["GET"] }',
      ),
    )
    const { range } =
      client
        .diagnostics('mesh/allow-get.yaml')
        .find(({ code }) => code === 'l7-allow-rule-dropped') ?? {}
    expect(range).toEqual(client.rangeOf('mesh/allow-get.yaml', 'hosts'))
    expect(await client.hover('mesh/allow-get.yaml', 'methods')).toBeDefined()
  })
})

describe('hover and lenses', () => {
  it('shows the enforcement table on a policy, and the meaning of a field', async () => {
    const client = await start({ folders: { mesh: MESH } })
    await client.open('mesh/allow-get.yaml', ALLOW_GET)
    for (const place of ['AuthorizationPolicy', 'allow-get', 'selector', 'app: api']) {
      const hover = await client.hover('mesh/allow-get.yaml', place)
      expect(hover).toMatch(/\|.*destination ztunnel.*\|/)
    }
    expect(await client.hover('mesh/allow-get.yaml', 'methods')).not.toMatch(
      /\|.*destination ztunnel.*\|/,
    )
  })

  it('says above a policy where it is enforced, unless that is switched off', async () => {
    const client = await start({ folders: { mesh: MESH } })
    const lenses = () =>
      client.connection.sendRequest('textDocument/codeLens', {
        textDocument: { uri: client.uri('mesh/allow-get.yaml') },
      })
    expect(await lenses()).toContainEqual(
      expect.objectContaining({
        command: expect.objectContaining({
          title: expect.stringContaining('ztunnel') as string,
        }) as object,
      }),
    )
    await client.changeSettings({
      codeLens: { policies: false, waypoints: true, workloads: true, serviceAccounts: true },
    })
    expect(await lenses()).toEqual([])
  })
})

describe('while a folder is read', () => {
  it('shows nothing above objects, and says in hovers that they may change', async () => {
    const client = await start({})
    for (let index = 0; index < 400; index++)
      client.write(
        `late/a${String(index)}.yaml`,
        NAMESPACE.replace('shop', `other-${String(index)}`),
      )
    for (const [name, text] of Object.entries(MESH)) client.write(`late/${name}`, text)
    const document = { uri: client.uri('late/allow-get.yaml') }
    const lenses = () =>
      client.connection.sendRequest('textDocument/codeLens', { textDocument: document })
    const hover = () =>
      client.connection.sendRequest('textDocument/hover', {
        textDocument: document,
        position: { line: 1, character: 1 },
      })
    void client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ name: 'late', uri: client.uri('late') }], removed: [] },
    })
    void client.connection.sendNotification('textDocument/didOpen', {
      textDocument: { ...document, languageId: 'yaml', version: 1, text: MESH['allow-get.yaml'] },
    })
    const early = { lenses: await lenses(), hover: JSON.stringify(await hover()) }
    await client.settled()
    const last = { lenses: await lenses(), hover: JSON.stringify(await hover()) }
    expect(last.lenses).not.toEqual([])
    expect(last.hover).not.toContain('still being read')
    // Where all was read by then, it is as it stays.
    expect([[], last.lenses]).toContainEqual(early.lenses)
    expect(
      early.hover === last.hover ||
        early.hover === 'null' ||
        early.hover.includes('still being read'),
    ).toBe(true)
  })
})

describe('code actions', () => {
  it('removes a here-document line, alone and among all safe fixes', async () => {
    const text = `${NAMESPACE}EOF\n`
    const client = await start({ folders: { mesh: { 'namespace.yaml': text } } })
    await client.open('mesh/namespace.yaml', text)
    expect(client.codes('mesh/namespace.yaml')).toEqual(['heredoc-debris'])
    const everything = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
    const [all] = await client.codeActions('mesh/namespace.yaml', everything, ['source.fixAll'])
    expect(all).toMatchObject({ kind: 'source.fixAll.istioAmbientPolicy' })
    expect(await client.fix('mesh/namespace.yaml', 'EOF', 'Remove the here-document line')).toBe(
      NAMESPACE,
    )
    expect(client.codes('mesh/namespace.yaml')).toEqual([])
  })

  it('ignores a finding where it stands, with the comment that the suppression reads', async () => {
    const client = await start({ folders: { mesh: MESH } })
    await client.open('mesh/allow-get.yaml', ALLOW_GET)
    const text = await client.fix(
      'mesh/allow-get.yaml',
      'methods',
      'Ignore l7-allow-rule-dropped here',
    )
    expect(text).toBe(
      ALLOW_GET.replace(
        '            methods',
        '            # ambient-policy-ignore l7-allow-rule-dropped -- reason\n            methods',
      ),
    )
    expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
  })

  it('ends the assumption of a finding by a setting of the repository', async () => {
    const client = await start({ folders: { mesh: { 'allow-get.yaml': ALLOW_GET } } })
    await client.open('mesh/allow-get.yaml', ALLOW_GET)
    const actions = await client.codeActions(
      'mesh/allow-get.yaml',
      client.rangeOf('mesh/allow-get.yaml', 'methods'),
    )
    const [create, change] =
      actions.find(
        ({ title }) =>
          title === 'This mesh does not use ambient mode (writes .ambient-policy.yaml)',
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

  it('explains a rule by the command that the client has', async () => {
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
})

describe('files on disk', () => {
  it('follows a close, a change, a new file, a rename and a deleted folder', async () => {
    const client = await start({ folders: { mesh: MESH } })
    await client.open('mesh/allow-get.yaml', ALLOW_GET)
    await client.edit('mesh/allow-get.yaml', 'methods: ["GET"]', 'ports: ["8080"]')
    expect(client.codes('mesh/allow-get.yaml')).toEqual([])
    await client.close('mesh/allow-get.yaml')
    expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])

    client.write('mesh/namespace.yaml', NAMESPACE.replace('ambient', 'none'))
    await client.changedOnDisk(['mesh/namespace.yaml', 'changed'])
    expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
    client.write('mesh/namespace.yaml', NAMESPACE)
    await client.changedOnDisk(['mesh/namespace.yaml', 'changed'])

    client.delete('mesh/allow-get.yaml')
    client.write('mesh/policies/renamed.yaml', ALLOW_GET)
    await client.changedOnDisk(
      ['mesh/allow-get.yaml', 'deleted'],
      ['mesh/policies/renamed.yaml', 'created'],
    )
    expect([
      client.codes('mesh/allow-get.yaml'),
      client.codes('mesh/policies/renamed.yaml'),
    ]).toEqual([[], ['l7-allow-rule-dropped']])

    client.delete('mesh/policies/renamed.yaml')
    await client.changedOnDisk(['mesh/policies', 'deleted'])
    expect(client.codes('mesh/policies/renamed.yaml')).toEqual([])
  })

  it('lets what an editor shows go before what is on disk', async () => {
    const client = await start({ folders: { mesh: MESH } })
    await client.open('mesh/namespace.yaml', NAMESPACE.replace('ambient', 'none'))
    expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
    expect(
      await client.publishedDuring(() => client.changedOnDisk(['mesh/namespace.yaml', 'changed'])),
    ).toEqual([])
  })

  it('says once what it could not read', async () => {
    const client = await start({ folders: { mesh: MESH }, settings: { maxFiles: 1 } })
    expect(client.log.filter((message) => message.includes('more than 1 files'))).toHaveLength(2)
  })
})

describe('folders', () => {
  it('judges each as one mesh, and lets them come and go', async () => {
    const client = await start({
      folders: {
        ambient: MESH,
        none: { ...MESH, 'namespace.yaml': NAMESPACE.replace('ambient', 'none') },
      },
    })
    expect(client.codes('ambient/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
    expect(client.codes('none/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
    const folder = { name: 'ambient', uri: client.uri('ambient') }
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [], removed: [folder] },
    })
    await client.settled()
    expect(client.codes('ambient/allow-get.yaml')).toEqual([])
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [folder], removed: [] },
    })
    await client.settled()
    expect(client.codes('ambient/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
  })

  it('hands open files over when their folder is opened', async () => {
    const client = await start()
    client.write('mesh/namespace.yaml', NAMESPACE.replace('ambient', 'none'))
    client.write('mesh/api.yaml', API)
    client.write('mesh/allow-get.yaml', ALLOW_GET)
    await client.open('mesh/allow-get.yaml', ALLOW_GET)
    expect(client.codes('mesh/allow-get.yaml')).toContain('l7-allow-rule-dropped')
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ name: 'mesh', uri: client.uri('mesh') }], removed: [] },
    })
    await client.settled()
    expect(client.codes('mesh/allow-get.yaml')).not.toContain('l7-allow-rule-dropped')
  })

  it('reads nothing that is excluded with the rest', async () => {
    const client = await start({ folders: { mesh: MESH }, settings: { exclude: ['drafts'] } })
    client.write('mesh/drafts/namespace.yaml', NAMESPACE.replace('ambient', 'none'))
    await client.changedOnDisk(['mesh/drafts/namespace.yaml', 'created'])
    expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
    await client.open('mesh/drafts/allow-get.yaml', ALLOW_GET)
    expect(client.diagnostics('mesh/drafts/allow-get.yaml')[0]?.severity).toBe(2)
  })
})

describe('settings', () => {
  it('change without a restart', async () => {
    const client = await start({ folders: { mesh: MESH } })
    await client.changeSettings({ rules: { 'l7-allow-rule-dropped': 'hint' } })
    expect(client.diagnostics('mesh/allow-get.yaml').map(({ severity }) => severity)).toEqual([4])
    await client.changeSettings({ rules: { 'l7-allow-rule-dropped': 'off' } })
    expect(client.codes('mesh/allow-get.yaml')).toEqual([])
    await client.changeSettings({})
    expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
  })

  it('are read from the repository too, and what is wrong with them is marked there', async () => {
    const client = await start({
      folders: {
        mesh: { ...MESH, '.ambient-policy.yaml': 'rules:\n  l7-allow-rule-dropped: off\n' },
      },
    })
    expect(client.codes('mesh/allow-get.yaml')).toEqual([])
    client.write('mesh/.ambient-policy.yaml', 'rules:\n  l7-allow-rule-droped: off\n')
    await client.changedOnDisk(['mesh/.ambient-policy.yaml', 'changed'])
    expect(client.codes('mesh/allow-get.yaml')).toEqual(['l7-allow-rule-dropped'])
    expect(client.diagnostics('mesh/.ambient-policy.yaml')).toEqual([
      expect.objectContaining({
        severity: 1,
        range: { start: { line: 1, character: 2 }, end: { line: 1, character: 22 } },
      }),
    ])
    client.write('mesh/.ambient-policy.yaml', '')
    await client.changedOnDisk(['mesh/.ambient-policy.yaml', 'changed'])
    expect(client.diagnostics('mesh/.ambient-policy.yaml')).toEqual([])
  })
})

describe('requests', () => {
  it('that are cancelled before their turn end as cancelled', async () => {
    const client = await start({ folders: { mesh: MESH } })
    await client.open('mesh/allow-get.yaml', ALLOW_GET)
    const source = new CancellationTokenSource()
    const params = {
      textDocument: { uri: client.uri('mesh/allow-get.yaml') },
      position: { line: 1, character: 8 },
    }
    let cancelled: Promise<unknown> = Promise.resolve()
    await client.together(() => {
      cancelled = client.connection.sendRequest('textDocument/hover', params, source.token)
      source.cancel()
    })
    await expect(cancelled).rejects.toMatchObject({ code: -32800 })
    expect(await client.connection.sendRequest('textDocument/hover', params)).not.toBeNull()
  })

  it('about documents and places that nobody knows are answered', async () => {
    const client = await start({ folders: { mesh: MESH } })
    const textDocument = { uri: 'file:///nowhere/at%/all.yaml' }
    const position = { line: 1_000_000, character: 1_000_000 }
    expect(
      await client.connection.sendRequest('textDocument/hover', { textDocument, position }),
    ).toBeNull()
    expect(
      await client.connection.sendRequest('textDocument/codeLens', { textDocument }),
    ).toBeNull()
    expect(
      await client.connection.sendRequest('textDocument/hover', {
        textDocument: { uri: client.uri('mesh/api.yaml') },
        position,
      }),
    ).toBeNull()
    expect(
      await client.connection.sendRequest('textDocument/codeAction', {
        textDocument,
        range: { start: position, end: position },
        context: { diagnostics: [] },
      }),
    ).toBeNull()
  })
})
