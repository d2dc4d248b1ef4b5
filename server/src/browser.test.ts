import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import {
  READ_DIRECTORIES_REQUEST,
  READ_FILES_REQUEST,
  IDLE_REQUEST,
  MISSING_TESTS_REQUEST,
  type MissingTestsResult,
  type ReadDirectoriesResult,
  type ReadFilesParams,
  type ReadFilesResult,
  type ReadUrisParams,
} from '@istio-ambient-policy/shared'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PublishDiagnosticsParams } from 'vscode-languageserver'
import { testBundle } from '../../scripts/testBundle.mjs'
import { ScriptedClient } from './testing/scriptedClient.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SHOP = join(ROOT, 'test-fixtures/meshes/shop')
const FOLDER = 'memfs://host/a%20shop'

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
}

/** The bundle for browsers in a context with the globals of a web worker and without those of Node. */
class WorkerClient {
  readonly published: PublishDiagnosticsParams[] = []
  readonly received: string[] = []
  readonly files: Map<string, string>
  readonly #listeners: ((event: { data: Message }) => void)[] = []
  readonly #answers = new Map<number, (result: unknown) => void>()
  #last = 0

  constructor(script: string, files: Map<string, string>) {
    this.files = files
    const {
      TextDecoder,
      TextEncoder,
      MessageChannel,
      URL,
      atob,
      btoa,
      console,
      performance,
      setTimeout,
      clearTimeout,
      queueMicrotask,
      AbortController,
    } = globalThis
    const world: Record<string, unknown> = {
      TextDecoder,
      TextEncoder,
      MessageChannel,
      URL,
      atob,
      btoa,
      console,
      performance,
      setTimeout,
      clearTimeout,
      queueMicrotask,
      AbortController,
    }
    Object.assign(world, {
      self: world,
      // The location of a worker that an editor created from a blob.
      location: {
        origin: 'https://editor.example',
        pathname: 'https://editor.example/0b7d',
        search: '',
      },
      addEventListener: (type: string, listener: (event: { data: Message }) => void) => {
        if (type === 'message') this.#listeners.push(listener)
      },
      postMessage: (message: Message) => {
        queueMicrotask(() => {
          this.#receive(structuredClone(message))
        })
      },
    })
    runInContext(script, createContext(world))
    const { onmessage } = world
    if (typeof onmessage === 'function')
      this.#listeners.push((event) => void Reflect.apply(onmessage, world, [event]))
  }

  request(method: string, params?: unknown): Promise<unknown> {
    const id = ++this.#last
    this.#send({ id, method, params })
    return new Promise((resolve) => this.#answers.set(id, resolve))
  }

  notify(method: string, params: unknown): void {
    this.#send({ method, params })
  }

  codes(file: string): string[] {
    return (this.published.findLast(({ uri }) => uri === `${FOLDER}/${file}`)?.diagnostics ?? [])
      .map(({ code, range }) => `${String(code)} ${range.start.line}:${range.start.character}`)
      .sort()
  }

  #send(message: Message): void {
    for (const listener of this.#listeners)
      listener({ data: structuredClone({ jsonrpc: '2.0', ...message }) })
  }

  #receive({ id, method, params, result }: Message): void {
    if (method === undefined) {
      this.#answers.get(id ?? -1)?.(result)
      return
    }
    this.received.push(method)
    if (method === 'textDocument/publishDiagnostics')
      this.published.push(params as PublishDiagnosticsParams)
    if (id !== undefined) this.#send({ id, result: this.#answer(method, params) ?? null })
  }

  #answer(method: string, params: unknown): unknown {
    if (method === READ_DIRECTORIES_REQUEST)
      return (params as ReadUrisParams).uris.map((uri) =>
        this.#list(uri),
      ) satisfies ReadDirectoriesResult
    if (method === READ_FILES_REQUEST)
      return (params as ReadFilesParams).uris.map((uri) =>
        this.#read(uri, params as ReadFilesParams),
      ) satisfies ReadFilesResult
    return undefined
  }

  #list(directory: string): ReadDirectoriesResult[number] {
    const below = [...this.files.keys()]
      .filter((file) => file.startsWith(`${directory}/`))
      .map((file) => file.slice(directory.length + 1).split('/'))
    return {
      entries: [
        ...new Map(
          below.map(([name = '', ...rest]) => [
            name,
            { name, kind: rest.length > 0 ? ('directory' as const) : ('file' as const) },
          ]),
        ).values(),
      ],
    }
  }

  #read(uri: string, { maxBytes }: ReadFilesParams): ReadFilesResult[number] {
    const text = this.files.get(uri)
    if (text === undefined) return {}
    return text.length > maxBytes
      ? { tooLarge: true }
      : { base64: Buffer.from(text).toString('base64') }
  }
}

describe('the bundles for browsers', () => {
  let script = ''
  const shop = Object.fromEntries(
    readdirSync(SHOP).map((name) => [name, readFileSync(join(SHOP, name), 'utf8')]),
  )

  beforeAll(() => {
    script = readFileSync(join(testBundle('server-browser'), 'browser.js'), 'utf8')
  })

  async function start(
    files: Record<string, string>,
    initializationOptions: object = { files: true },
  ): Promise<WorkerClient> {
    const client = new WorkerClient(
      script,
      new Map(Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text])),
    )
    await client.request('initialize', {
      processId: null,
      rootUri: null,
      capabilities: { workspace: { workspaceFolders: true } },
      workspaceFolders: [{ name: 'shop', uri: FOLDER }],
      initializationOptions,
    })
    client.notify('initialized', {})
    await client.request(IDLE_REQUEST)
    return client
  }

  it.each([
    ['server-browser', 'browser.js'],
    ['extension-browser', 'browser.js'],
    ['webview', 'webview.js'],
  ] as const)('the bundle %s uses no module of Node', (name, file) => {
    const text = readFileSync(join(testBundle(name), file), 'utf8')
    const modules = [...text.matchAll(/\b(?:require|import)\(\s*["'`]([^"'`]+)["'`]/g)].map(
      ([, name = '']) => name,
    )
    expect(modules.filter((name) => isBuiltin(name) || name !== 'vscode')).toEqual([])
    expect(text).not.toMatch(/["'`]node:/)
  })

  it('the server in a browser has the same findings as the server on a machine', async () => {
    const browser = await start(shop)
    const machine = await ScriptedClient.start({ folders: { shop } })
    try {
      for (const name of Object.keys(shop)) {
        expect([name, browser.codes(name)]).toEqual([
          name,
          machine
            .diagnostics(`shop/${name}`)
            .map(
              ({ code, range }) => `${String(code)} ${range.start.line}:${range.start.character}`,
            )
            .sort(),
        ])
      }
      expect(browser.published.length).toBeGreaterThan(3)
    } finally {
      await machine.stop()
    }
  })

  it('the server in a browser follows changes of files', async () => {
    const browser = await start(shop)
    expect(browser.codes('mtls.yaml').join()).toContain('disable-mode-is-permissive')
    browser.files.set(`${FOLDER}/mtls.yaml`, '# nothing\n')
    browser.files.set(`${FOLDER}/sub/new.yaml`, 'a: [\n')
    browser.notify('workspace/didChangeWatchedFiles', {
      changes: [
        { uri: `${FOLDER}/mtls.yaml`, type: 2 },
        { uri: `${FOLDER}/sub/new.yaml`, type: 1 },
      ],
    })
    await browser.request(IDLE_REQUEST)
    await browser.request(IDLE_REQUEST)
    expect(browser.codes('mtls.yaml')).toEqual([])
  })

  it('the server in a browser renames names in policy tests, and finds missing tests', async () => {
    const browser = await start(shop)
    const uri = `${FOLDER}/shop.access-test.yaml`
    const text = shop['shop.access-test.yaml'] ?? ''
    const line = text.split('\n').findIndex((each) => each.includes('to: service shop/catalog:80'))
    const character = text.split('\n')[line]?.indexOf('catalog') ?? 0
    const renamed = (await browser.request('textDocument/rename', {
      textDocument: { uri },
      position: { line, character },
      newName: 'goods',
    })) as { changes: Record<string, unknown[]> }
    expect(Object.keys(renamed.changes)).toContain(uri)
    expect(Object.keys(renamed.changes).length).toBeGreaterThan(1)
    const found = (await browser.request(MISSING_TESTS_REQUEST, {
      textDocument: { uri },
    })) as MissingTestsResult
    expect(found.problems).toEqual([])
    expect(found.missing.length).toBeGreaterThan(5)
  })

  it('the server in a browser uses the settings file and does not read excluded files', async () => {
    const browser = await start({
      ...shop,
      '.ambient-policy.yaml': 'exclude: [old]\nrules:\n  disable-mode-is-permissive: off\n',
      'old/mtls.yaml': shop['mtls.yaml'] ?? '',
      'node_modules/a.yaml': 'a: 1\n',
    })
    expect(browser.codes('mtls.yaml').join()).not.toContain('disable-mode-is-permissive')
    expect(browser.codes('old/mtls.yaml')).toEqual([])
  })

  it('with a client that does not read files, the server in a browser uses only open documents', async () => {
    const browser = await start(shop, {})
    expect(browser.received).not.toContain(READ_FILES_REQUEST)
    const text =
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: p, namespace: a}\nspec: {mtls: {mode: DISABLE}}\n'
    browser.notify('textDocument/didOpen', {
      textDocument: { uri: `${FOLDER}/mtls.yaml`, languageId: 'yaml', version: 1, text },
    })
    await browser.request(IDLE_REQUEST)
    expect(browser.received).not.toContain(READ_FILES_REQUEST)
  })
})
