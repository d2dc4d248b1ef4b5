import { isAbsolute } from 'node:path'
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { DiskCache } from './cache/diskCache.js'
import { PROGRAM } from './cache/program.js'
import { describeError } from './log.js'
import { limitOf } from './nodeDeadline.js'
import { nodeHost } from './nodeHost.js'
import { startServer } from './startServer.js'

// The arguments choose the connection. The default is standard input and output.
const TRANSPORTS = ['--stdio', '--node-ipc', '--socket', '--pipe']
if (
  !process.argv.some((argument) => TRANSPORTS.some((transport) => argument.startsWith(transport)))
)
  process.argv.push('--stdio')

/** Work on one file of a small workspace takes far less time. */
const MAX_SECONDS = 5

/** The value of `--max-seconds=5`. */
function maxSeconds(args: readonly string[]): number {
  const option = '--max-seconds='
  const seconds = Number(args.find((arg) => arg.startsWith(option))?.slice(option.length))
  return seconds > 0 ? seconds : MAX_SECONDS
}

const connection = startServer((options) => createConnection(ProposedFeatures.all, options), {
  host: nodeHost,
  runWithinLimit: limitOf(1_000 * maxSeconds(process.argv)),
  openCache: (folder) =>
    PROGRAM === '' || !isAbsolute(folder) ? undefined : new DiskCache(folder, PROGRAM),
  loadTools: async () => (await import('./nodeTools.js')).answerToolCall,
})
// A failed answer of the client must not end the server.
process.on('unhandledRejection', (reason) => {
  connection.console.error(describeError(reason))
})
