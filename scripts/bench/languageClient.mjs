// A small language client: it starts a server and uses its standard input and output.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const TICKS_PER_SECOND = 100

export class LanguageClient {
  #process
  #received = Buffer.alloc(0)
  #answers = new Map()
  #published = new Map()
  #last = 0

  constructor(command, args, settings = {}) {
    this.settings = settings
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#process.stdout.on('data', (data) => this.#take(data))
  }

  request(method, params) {
    const id = ++this.#last
    this.#send({ id, method, params })
    return new Promise((resolve) => this.#answers.set(id, resolve))
  }

  notify(method, params) {
    this.#send({ method, params })
  }

  /** Resolves with the next diagnostics of a document. */
  published(uri) {
    return new Promise((resolve) => this.#published.set(uri, resolve))
  }

  async initialize(folder, initializationOptions) {
    const workspaceFolders =
      folder === undefined ? null : [{ name: 'mesh', uri: pathToFileURL(folder).href }]
    const result = await this.request('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders,
      initializationOptions,
      capabilities: { workspace: { configuration: true, workspaceFolders: true } },
    })
    this.notify('initialized', {})
    return result
  }

  /** CPU time of the server process in milliseconds; undefined if the system does not know it. */
  cpu() {
    try {
      const [, fields = ''] = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8').split(') ')
      const [user, system] = fields.split(' ').slice(11, 13).map(Number)
      return ((user + system) / TICKS_PER_SECOND) * 1_000
    } catch {
      return undefined
    }
  }

  kill() {
    // A server that waits for an answer has sent its request before.
    this.#process.stdout.removeAllListeners('data')
    this.#process.kill()
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  #take(data) {
    this.#received = Buffer.concat([this.#received, data])
    for (;;) {
      const head = this.#received.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(
        /Content-Length: (\d+)/i.exec(this.#received.toString('latin1', 0, head))[1],
      )
      if (this.#received.length < head + 4 + length) return
      const message = JSON.parse(this.#received.toString('utf8', head + 4, head + 4 + length))
      this.#received = this.#received.subarray(head + 4 + length)
      this.#handle(message)
    }
  }

  #handle({ id, method, params, result, error }) {
    if (method === undefined) {
      const answer = this.#answers.get(id)
      this.#answers.delete(id)
      answer?.(error ?? result)
    } else if (id !== undefined) {
      this.#send({
        id,
        result:
          method === 'workspace/configuration'
            ? params.items.map(({ section }) => this.settings[section] ?? null)
            : null,
      })
    } else if (method === 'textDocument/publishDiagnostics') {
      const published = this.#published.get(params.uri)
      this.#published.delete(params.uri)
      published?.(params.diagnostics)
    }
  }
}
