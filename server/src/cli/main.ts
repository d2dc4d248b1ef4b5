import { homedir } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { cacheFolder } from '../cache/cacheFolder.js'
import { DiskCache } from '../cache/diskCache.js'
import { PROGRAM } from '../cache/program.js'
import { helmCommand } from '../helm/helmCommand.js'
import { nodeHost, toSlashes } from '../nodeHost.js'
import { NodeWatcher } from '../nodeWatcher.js'
import { EXIT_FAILURE, type ProcessIo } from './io.js'
import { runCli } from './program.js'
import { safeIo } from './safeIo.js'
import { limitedCommand, limitedIo, runLimited } from './timeLimit.js'

declare const AMBIENT_POLICY_VERSION: string

/**
 * If the reader of a pipe has ended, such as `head`, the program ends silently. If the output cannot be written, for
 * example because the disk is full, it ends as for other input and output errors.
 */
function endOnWriteError(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    process.stderr.write(`ambient-policy: the output cannot be written (${error.code ?? ''})\n`)
    process.exit(EXIT_FAILURE)
  })
}

function cacheOfUser(): DiskCache | undefined {
  const { platform, env } = process
  const folder = cacheFolder({ platform, env, home: home() })
  return folder === undefined || PROGRAM === '' ? undefined : new DiskCache(folder, PROGRAM)
}

/** Empty for a user without a home folder. */
function home(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}

const processIo: ProcessIo = {
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
  cache: cacheOfUser(),
  helm: helmCommand('helm'),
  createWatcher: () => new NodeWatcher(),
  colours:
    process.stdout.isTTY && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
  terminal: process.stdout.isTTY,
  workflow: process.env['GITHUB_ACTIONS'] === 'true',
}

const limited = limitedCommand()
const io: ProcessIo = limited
  ? limitedIo(processIo, limited, (text) => parentPort?.postMessage(text))
  : {
      ...processIo,
      withTimeout: (args, seconds) => runLimited(args, seconds, safeIo(processIo)),
    }

endOnWriteError(process.stdout)
endOnWriteError(process.stderr)
runCli(limited?.args ?? process.argv.slice(2), io).then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    for (const line of `internal error: ${text}`.split('\n')) safeIo(io).warn(line)
    process.exitCode = EXIT_FAILURE
  },
)
