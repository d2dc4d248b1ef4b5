// A client for the bundled server over standard input and output.
import { spawn } from 'node:child_process'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node'

/**
 * Starts a server. `published` has the URIs of its diagnostics in their order, `progress` the kinds of its progress
 * messages.
 */
export function startServer(program) {
  const child = spawn(process.execPath, [program, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  const published = []
  const progress = []
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri }) => void published.push(uri),
  )
  connection.onNotification('$/progress', ({ value }) => void progress.push(value.kind))
  connection.onRequest('window/workDoneProgress/create', () => null)
  connection.listen()
  return {
    connection,
    published,
    progress,
    stop: async () => {
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      await exited
      connection.dispose()
    },
  }
}
