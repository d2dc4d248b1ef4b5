import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver'
import { ScriptedClient, type ScriptedClientOptions } from './testing/scriptedClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
`
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: allow-get, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  action: ALLOW
  rules: [{to: [{operation: {methods: [GET]}}]}]
`
const WITHOUT_AMBIENT = replaceIn(NAMESPACE, ['ambient', 'none'])
const FILE = 'mesh/policy.yaml'
const services = (folder: string, count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${folder}/${index}.yaml`,
      `apiVersion: v1\nkind: Service\nmetadata: {name: s${index}, namespace: ${folder}-${index}}\n`,
    ]),
  )
/** Keeps the server busy while the open file is shown. */
const MANY = services('many', 300)

let root: string
let cacheFolder: string
let client: ScriptedClient

const start = async (
  files: Readonly<Record<string, string>>,
  options: ScriptedClientOptions = {},
): Promise<void> => {
  client = await ScriptedClient.start({
    root,
    withoutWaiting: true,
    folders: { mesh: { ...MANY, ...files } },
    initializationOptions: { cacheFolder },
    ...options,
  })
}
/** Opens the file. Returns the diagnostics of each publication. */
const open = async (text = POLICY): Promise<readonly (readonly Diagnostic[])[]> => {
  await client.open(FILE, text)
  return client.published.filter(isOpened).map(({ diagnostics }) => diagnostics)
}
const isOpened = ({ uri }: PublishDiagnosticsParams): boolean => uri === client.uri(FILE)

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ambient-policy-twice-')))
  cacheFolder = join(root, 'cache')
})
afterEach(async () => {
  await client.stop()
  rmSync(root, { recursive: true, force: true })
})

/** A start that ends after all findings were published. */
async function startBefore(
  files: Readonly<Record<string, string>>,
  options: ScriptedClientOptions = {},
): Promise<readonly Diagnostic[]> {
  await start(files, options)
  const published = await open()
  await client.stop()
  const last = published.at(-1) ?? []
  expect(last).not.toEqual([])
  return last
}

describe('the findings of the last start', () => {
  it.each([undefined, 'stdio'] as const)(
    'are published before the folder is read, and once if they are still the same, over %s',
    async (transport) => {
      const files = { 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY }
      const before = await startBefore(files, { transport })
      await start({}, { transport })
      expect(await open()).toEqual([before])
    },
  )

  it('are published while the folder is read', async () => {
    const before = await startBefore({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY })
    // On a busy machine, the kept findings are read only after many of the files.
    await start(services('more', 3_000))
    let progressAtFirst: readonly string[] | undefined
    client.connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: PublishDiagnosticsParams) => {
        client.published.push(params)
        if (isOpened(params)) progressAtFirst ??= [...client.progress]
      },
    )
    const [first] = await open()
    expect(first).toEqual(before)
    expect(progressAtFirst).not.toContain('end')
    expect(client.progress).toContain('end')
  })

  it('disappear if a neighbouring file has changed in between', async () => {
    const before = await startBefore({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY })
    await start({ 'namespace.yaml': WITHOUT_AMBIENT })
    const published = await open()
    expect(published[0]).toEqual(before)
    await client.stop()
    rmSync(cacheFolder, { recursive: true })
    await start({})
    expect(published.at(-1)).toEqual((await open()).at(-1) ?? [])
    expect(published.at(-1)).not.toEqual(before)
  })

  it('have no code actions before the folder is read', async () => {
    await startBefore({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY })
    await start({ 'namespace.yaml': WITHOUT_AMBIENT })
    const opened = client.open(FILE, POLICY)
    const early = await client.codeActions(FILE, client.rangeOf(FILE, 'methods'))
    await opened
    expect(early).toEqual(await client.codeActions(FILE, client.rangeOf(FILE, 'methods')))
  })

  it('are not published for another text', async () => {
    await startBefore({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY })
    const text = replaceIn(POLICY, ['ALLOW', 'DENY'])
    await start({ 'policy.yaml': text })
    const published = await open(text)
    await client.stop()
    rmSync(cacheFolder, { recursive: true })
    await start({})
    expect(published).toEqual(await open(text))
  })

  it('are not published for other settings', async () => {
    await startBefore({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY })
    await start({}, { settings: { rules: { 'l7-allow-rule-dropped': 'off' } } })
    for (const diagnostics of await open())
      expect(diagnostics.map(({ code }) => code)).not.toContain('l7-allow-rule-dropped')
  })

  it('disappear if the file is closed, or its folder removed, before the folder is read', async () => {
    await startBefore({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY })
    await start({})
    const opened = client.open(FILE, POLICY)
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [], removed: [{ name: 'mesh', uri: client.uri('mesh') }] },
    })
    await opened
    await client.close(FILE)
    expect(client.diagnostics(FILE)).toEqual([])
  })

  it('a damaged cache is ignored and written again', async () => {
    const before = await startBefore({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY })
    for (const name of readdirSync(cacheFolder)) writeFileSync(join(cacheFolder, name), 'damaged')
    await start({})
    expect((await open()).at(-1)).toEqual(before)
    await client.stop()
    await start({ 'namespace.yaml': WITHOUT_AMBIENT })
    expect((await open())[0]).toEqual(before)
  })

  it.each([
    ['the setting cache is off', { settings: { cache: false } }],
    ['the client names no folder', { initializationOptions: {} }],
  ])('nothing is kept if %s', async (_, options) => {
    await start({ 'namespace.yaml': NAMESPACE, 'policy.yaml': POLICY }, options)
    await open()
    await client.stop()
    expect(readdirSync(root)).not.toContain('cache')
    await start({}, options)
  })
})
