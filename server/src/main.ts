import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { describeError } from './log.js'
import { nodeHost } from './nodeHost.js'
import { startServer } from './startServer.js'

// The arguments choose the connection. The default is standard input and output.
const TRANSPORTS = ['--stdio', '--node-ipc', '--socket', '--pipe']
if (
  !process.argv.some((argument) => TRANSPORTS.some((transport) => argument.startsWith(transport)))
)
  process.argv.push('--stdio')

const connection = startServer(
  (options) => createConnection(ProposedFeatures.all, options),
  nodeHost,
)
// A failed answer of the client must not end the server.
process.on('unhandledRejection', (reason) => {
  connection.console.error(describeError(reason))
})
