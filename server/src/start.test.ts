import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { docsOf } from '@istio-ambient-policy/shared/pages'
import { afterEach, expect, it } from 'vitest'
import type { Hover, InitializeResult, PublishDiagnosticsParams } from 'vscode-languageserver'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver/node'
import { testBundle } from '../../scripts/testBundle.mjs'

const INITIALIZE = {
  processId: process.pid,
  rootUri: null,
  capabilities: {},
  workspaceFolders: null,
}
const URI = 'file:///mtls.yaml'
const RULE = 'disable-mode-is-permissive'
const TEXT =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: p, namespace: a}\nspec: {mtls: {mode: DISABLE}}\n'

const processes: ChildProcess[] = []
const folders: string[] = []

afterEach(() => {
  for (const process of processes.splice(0)) process.kill()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Starts a bundled server, without a message to it. */
function started(program: string): ProtocolConnection {
  const server = spawn(process.execPath, [program, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  processes.push(server)
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  connection.listen()
  return connection
}

/** The files of a server, with `/`. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
}

/** A file of a server and all files that are loaded with it, as one text. */
function loadedWith(folder: string, file: string): string {
  const text = readFileSync(join(folder, file), 'utf8')
  const required = [...text.matchAll(/(?<!then\(\(\)=>[\w$]+\()require\("(\.[^"]+)"\)/g)]
  return [
    text,
    ...required.map(([, path = '']) => loadedWith(folder, join(dirname(file), path))),
  ].join('\n')
}

it('the rules and their pages are in files that are loaded after the start', () => {
  const folder = testBundle('server')
  const summary = docsOf({ name: RULE }).summary
  const contains = (start: string): readonly boolean[] => {
    const file = filesOf(folder).find((name) => name.startsWith(start)) ?? ''
    const text = loadedWith(folder, file)
    return [text.includes(RULE), text.includes(summary)]
  }
  expect(contains('server.cjs')).toEqual([false, false])
  expect(contains('server/compose-')).toEqual([true, false])
  expect(contains('server/rulePage-')).toEqual([true, true])
  expect(contains('server/nodeTools-')).toEqual([true, false])
})

it('messages that arrive before the server is loaded are handled, in their order', async () => {
  const connection = started(join(testBundle('server'), 'server.cjs'))
  const published: string[] = []
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ diagnostics }: PublishDiagnosticsParams) =>
      void published.push(...diagnostics.map(({ code }) => String(code))),
  )
  const initialized = connection.sendRequest<InitializeResult>('initialize', INITIALIZE)
  void connection.sendNotification('initialized', {})
  void connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: URI, languageId: 'yaml', version: 1, text: TEXT },
  })
  const hover = connection.sendRequest<Hover>('textDocument/hover', {
    textDocument: { uri: URI },
    position: { line: 1, character: 1 },
  })
  const ended = connection.sendRequest('shutdown')
  expect((await initialized).capabilities).toMatchObject({ hoverProvider: true })
  expect(JSON.stringify(await hover)).toContain('PeerAuthentication')
  expect(await ended).toBeNull()
  expect(published).toContain(RULE)
})

it('the server answers initialize before the analysis is loaded, and shows an error if it cannot be loaded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ambient-policy-start-'))
  folders.push(folder)
  cpSync(testBundle('server'), folder, { recursive: true })
  for (const file of filesOf(folder))
    if (file.startsWith('server/compose-'))
      writeFileSync(join(folder, file), 'throw new Error("is not here")')
  const connection = started(join(folder, 'server.cjs'))
  const shown = new Promise<string>((resolve) => {
    connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      resolve(message)
    })
  })
  expect(await connection.sendRequest<InitializeResult>('initialize', INITIALIZE)).toMatchObject({
    serverInfo: { name: 'Ambient Policy for Istio' },
  })
  expect(await shown).toContain('could not be started: Error: is not here')
  await expect(
    connection.sendRequest('textDocument/hover', {
      textDocument: { uri: URI },
      position: { line: 0, character: 0 },
    }),
  ).rejects.toThrow('Unhandled method')
})
