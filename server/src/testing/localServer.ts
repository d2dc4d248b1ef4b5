import { PassThrough } from 'node:stream'
import {
  createConnection,
  createProtocolConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver/node'
import { DiskCache } from '../cache/diskCache.js'
import { WITHOUT_LIMIT } from '../deadline.js'
import { nodeHost } from '../nodeHost.js'
import { startServer } from '../startServer.js'
import type { RunningServer } from './serverProcess.js'

/** The server from its sources, in the process of the tests: it starts ten times faster than a process. */
export class LocalServer implements RunningServer {
  readonly connection: ProtocolConnection
  readonly #incoming = new PassThrough()
  readonly #outgoing = new PassThrough()

  constructor() {
    const answers = new PassThrough()
    this.#outgoing.pipe(this.#incoming)
    startServer(
      (options) =>
        createConnection(
          ProposedFeatures.all,
          new StreamMessageReader(this.#incoming),
          new StreamMessageWriter(answers),
          options,
        ),
      {
        host: nodeHost,
        runWithinLimit: WITHOUT_LIMIT,
        openCache: (folder) => new DiskCache(folder, 'tests'),
        loadTools: async () => (await import('../nodeTools.js')).answerToolCall,
      },
    )
    this.connection = createProtocolConnection(
      new StreamMessageReader(answers),
      new StreamMessageWriter(this.#outgoing),
    )
  }

  async sendTogether(send: () => void): Promise<void> {
    this.#outgoing.unpipe(this.#incoming)
    send()
    // Messages are written in their order: after this one, all messages before it are written.
    await this.connection.sendNotification('$/setTrace', { value: 'off' })
    this.#incoming.write(this.#outgoing.read())
    this.#outgoing.pipe(this.#incoming)
  }

  /** Does not send `exit`, which would end the process of the tests. */
  async stop(): Promise<number> {
    await this.connection.sendRequest('shutdown')
    this.connection.dispose()
    return 0
  }
}
