// A language client on a folder of the disk, connected with streams to a server: in this process, or in another one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { uriOfFile } from '../../server/src/convert/uris.ts'
import { WITHOUT_LIMIT } from '../../server/src/deadline.ts'
import { nodeHost } from '../../server/src/nodeHost.ts'
import { startServer } from '../../server/src/startServer.ts'
import { IDLE_REQUEST } from '../../shared/src/index.ts'
import { dataSizeIn } from './heapSnapshot.mjs'

const ERROR = 1
const MEMORY_REPORT = './scripts/fuzz/memoryReport.mjs'
const CAPABILITIES = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
  },
  window: { workDoneProgress: true },
  textDocument: { rename: { prepareSupport: true } },
}

export class Client {
  published = new Map()
  documents = new Map()
  errors = []
  settings = {}
  #version = 0
  #waiting = []

  /** @param streams to and from a server; the default is a new server in this process. */
  constructor(folder, { toServer, toClient } = startHere()) {
    this.folder = folder
    this.connection = createProtocolConnection(
      new StreamMessageReader(toClient),
      new StreamMessageWriter(toServer),
    )
    this.connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
      if (diagnostics.length > 0) this.published.set(uri, diagnostics)
      else this.published.delete(uri)
    })
    this.connection.onNotification(
      'window/logMessage',
      ({ type, message }) => void (type === ERROR && this.errors.push(message)),
    )
    this.connection.onNotification(
      'window/showMessage',
      ({ type, message }) => void (type === ERROR && this.errors.push(message)),
    )
    this.connection.onRequest('workspace/configuration', ({ items }) =>
      items.map(() => this.settings),
    )
    for (const method of [
      'client/registerCapability',
      'client/unregisterCapability',
      'window/workDoneProgress/create',
      'workspace/codeLens/refresh',
      'workspace/inlayHint/refresh',
    ])
      this.connection.onRequest(method, () => null)
    this.connection.onUnhandledNotification(() => undefined)
    this.connection.listen()
  }

  uri(file) {
    return uriOfFile(`${this.folder}/${file}`)
  }

  async start() {
    await this.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: CAPABILITIES,
      workspaceFolders: [{ name: 'mesh', uri: uriOfFile(this.folder) }],
    })
    this.notify('initialized', {})
  }

  notify(method, params) {
    void this.connection.sendNotification(method, params)
  }

  open(uri, text) {
    const document = TextDocument.create(uri, 'yaml', ++this.#version, text)
    this.documents.set(uri, document)
    this.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: document.version, text },
    })
  }

  change(uri, { start, end, insert }) {
    const document = this.documents.get(uri)
    const change = {
      range: { start: document.positionAt(start), end: document.positionAt(end) },
      text: insert,
    }
    TextDocument.update(document, [change], ++this.#version)
    this.notify('textDocument/didChange', {
      textDocument: { uri, version: document.version },
      contentChanges: [change],
    })
  }

  close(uri) {
    if (this.documents.delete(uri)) this.notify('textDocument/didClose', { textDocument: { uri } })
  }

  /** Sends a request and does not wait; `failedAnswers` returns how it was answered. */
  ask(method, params, token) {
    const answer = this.connection.sendRequest(method, params, token).then(
      () => undefined,
      (error) => error,
    )
    this.#waiting.push(answer.then((error) => ({ method, params, error })))
  }

  /** Waits for every answer and every diagnostic; returns the answers that failed. */
  async failedAnswers() {
    const answers = await Promise.all(this.#waiting.splice(0))
    await this.connection.sendRequest(IDLE_REQUEST)
    return answers.filter(({ error }) => error !== undefined)
  }

  /** A server in this process cannot be ended: its later messages are ignored. */
  async stop() {
    await this.connection.sendRequest('shutdown')
    this.connection.dispose()
  }
}

function startHere() {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  startServer(
    (options) =>
      createConnection(
        ProposedFeatures.all,
        new StreamMessageReader(toServer),
        new StreamMessageWriter(toClient),
        options,
      ),
    { host: nodeHost, runWithinLimit: WITHOUT_LIMIT },
  )
  return { toServer, toClient }
}

/** A client of a bundled server in its own process, over standard input and output. */
export class ProcessClient extends Client {
  #process

  #reports

  /**
   * @param folder of the workspace.
   * @param bundle of the server.
   */
  constructor(folder, bundle) {
    const reports = mkdtempSync(join(tmpdir(), 'ambient-policy-memory-'))
    const server = spawn(
      process.execPath,
      ['--expose-gc', '--import', MEMORY_REPORT, bundle, '--stdio'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, MEMORY_REPORT: join(reports, 'memory.json') },
      },
    )
    super(folder, { toServer: server.stdin, toClient: server.stdout })
    this.#process = server
    this.#reports = reports
  }

  /** The memory of the process without garbage, as `process.memoryUsage` returns it, and the size of its code. */
  async memory() {
    return JSON.parse(await this.#report('SIGUSR2'))
  }

  /**
   * The size of the heap without compiled code and what V8 records about it. Afterwards the process has more resident
   * memory.
   */
  async dataSize() {
    return dataSizeIn(JSON.parse(await this.#report('SIGHUP')))
  }

  async #report(signal) {
    const file = join(this.#reports, 'memory.json')
    this.#process.kill(signal)
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20))
    const text = readFileSync(file, 'utf8')
    rmSync(file)
    return text
  }

  async stop() {
    const exited = once(this.#process, 'exit')
    await this.connection.sendRequest('shutdown')
    this.notify('exit')
    await exited
    this.connection.dispose()
    rmSync(this.#reports, { recursive: true })
  }
}
