import { fork, spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver/node'
import { testBundle } from '../../../scripts/testBundle.mjs'

/** A server with a connection to it. */
export interface RunningServer {
  readonly connection: ProtocolConnection
  /** Makes all messages that `send` sends arrive at once. */
  readonly sendTogether: (send: () => void) => Promise<void>
  /** Ends the server with the messages of the protocol. Returns its exit status. */
  readonly stop: () => Promise<number | null>
}

export interface ServerProcessOptions {
  /** A script that runs in the process before the server. */
  readonly preload?: string | undefined
  /** Standard input and output, or Node's IPC. The default is `stdio`. */
  readonly transport?: 'stdio' | 'ipc' | undefined
}

/** The bundled server in a process, with a connection to it. */
export class ServerProcess implements RunningServer {
  readonly connection: ProtocolConnection
  readonly #process: ChildProcess
  readonly #outgoing = new PassThrough()

  constructor({ preload, transport }: ServerProcessOptions) {
    const program = join(testBundle('server'), 'server.cjs')
    const execArgv = preload === undefined ? [] : ['--require', preload]
    this.#process =
      transport === 'ipc'
        ? fork(program, ['--node-ipc'], {
            execArgv,
            stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
          })
        : spawn(process.execPath, [...execArgv, program, '--stdio'], {
            stdio: ['pipe', 'pipe', 'inherit'],
          })
    const { stdin, stdout } = this.#process
    if (stdin) this.#outgoing.pipe(stdin)
    this.connection = stdout
      ? createProtocolConnection(
          new StreamMessageReader(stdout),
          new StreamMessageWriter(this.#outgoing),
        )
      : createProtocolConnection(
          new IPCMessageReader(this.#process),
          new IPCMessageWriter(this.#process),
        )
  }

  async sendTogether(send: () => void): Promise<void> {
    const { stdin } = this.#process
    if (!stdin) throw new Error('The server has no standard input.')
    this.#outgoing.unpipe(stdin)
    send()
    // Messages are written in their order: after this one, all messages before it are written.
    await this.connection.sendNotification('$/setTrace', { value: 'off' })
    stdin.write(this.#outgoing.read())
    this.#outgoing.pipe(stdin)
  }

  async stop(): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => this.#process.once('exit', resolve))
    await this.connection.sendRequest('shutdown')
    await this.connection.sendNotification('exit')
    const status = await exited
    this.connection.dispose()
    return status
  }
}
