import { helmCommand } from '../helm/helmCommand.js'
import { nodeHost, toSlashes } from '../nodeHost.js'
import { EXIT_FAILURE, type CliIo } from './io.js'
import { runCli } from './program.js'

declare const AMBIENT_POLICY_VERSION: string

/** If the reader of a pipe has ended, such as `head`, the program ends silently. */
function endQuietlyOnBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

const io: CliIo = {
  version: AMBIENT_POLICY_VERSION,
  host: nodeHost,
  cwd: toSlashes(process.cwd()),
  readStdin: async (maxBytes) => {
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of process.stdin) {
      const bytes = Buffer.from(chunk as Uint8Array)
      length += bytes.length
      if (length > maxBytes) return 'too-large'
      chunks.push(bytes)
    }
    return Buffer.concat(chunks)
  },
  stdin: () => process.stdin as AsyncIterable<Uint8Array>,
  out: (text) => {
    process.stdout.write(text)
  },
  warn: (line) => {
    process.stderr.write(`ambient-policy: ${line}\n`)
  },
  helm: helmCommand('helm'),
  colours:
    process.stdout.isTTY && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
}

endQuietlyOnBrokenPipe(process.stdout)
endQuietlyOnBrokenPipe(process.stderr)
runCli(process.argv.slice(2), io).then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    io.warn(
      `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
    process.exitCode = EXIT_FAILURE
  },
)
