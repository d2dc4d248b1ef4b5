import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { describeError } from './log.js'
import { nodeHost } from './nodeHost.js'
import { startServer } from './startServer.js'

// Speaks over standard input and output, or over Node's IPC with `--node-ipc`: the arguments say which; standard input and output where they do not.
const TRANSPORTS = ['--stdio', '--node-ipc', '--socket', '--pipe']
if (
  !process.argv.some((argument) => TRANSPORTS.some((transport) => argument.startsWith(transport)))
)
  process.argv.push('--stdio')

const connection = startServer(
  (options) => createConnection(ProposedFeatures.all, options),
  nodeHost,
)
// A client that fails to answer must not end the server.
process.on('unhandledRejection', (reason) => {
  connection.console.error(describeError(reason))
})
