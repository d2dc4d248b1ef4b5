import type { Cache } from '../cache/cache.js'
import { userFolder } from '../cache/userFolder.js'
import { nodeHost, toSlashes } from '../nodeHost.js'
import { EXIT_FAILURE, type ProcessIo } from './io.js'
import { nodeStream, outputStream, type OutputStream } from './outputStream.js'
import { safeIo } from './safeIo.js'
import { usesColours } from './usesColours.js'

declare const AMBIENT_POLICY_VERSION: string | undefined

/** The only argument of a thread that runs a command line with a limit of time. */
export const LIMITED_THREAD = '--limited-thread'

/** Runs the command line of this process or thread, and sets its exit status. */
export async function runProcess(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await (args[0] === LIMITED_THREAD ? runLimitedThread() : run(args))
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const io = safeIo(processIo(nodeStream))
    for (const line of `internal error: ${text}`.split('\n')) io.warn(line)
    process.exitCode = EXIT_FAILURE
  }
}

async function run(args: readonly string[]): Promise<number> {
  // Only `check` keeps results for the next run.
  if (args[0] !== 'check' || args[1] === '--help') return runWithLimit(args, processIo(nodeStream))
  const { KeptRun } = await import('./keptRun.js')
  const { userCache } = await import('../cache/userCache.js')
  const cache = userCache()
  const io = processIo(outputStream, cache)
  if (!cache) return runWithLimit(args, io)
  const kept = new KeptRun(cache, io, args)
  return kept.repeat() ?? kept.record((recording) => runWithLimit(args, recording))
}

async function runWithLimit(args: readonly string[], io: ProcessIo): Promise<number> {
  return runProgram(args, {
    ...io,
    withTimeout: async (given, seconds) => {
      const { runLimited } = await import('./timeLimit.js')
      return runLimited(given, seconds, safeIo(io))
    },
  })
}

/** Runs a command line. The code of the program is loaded here. */
async function runProgram(args: readonly string[], io: ProcessIo): Promise<number> {
  const folder = userFolder()
  if (folder !== undefined) {
    const { keepCompiledCode } = await import('../cache/compiledCode.js')
    keepCompiledCode(folder)
  }
  const { runCli } = await import('./program.js')
  return runCli(args, io)
}

async function runLimitedThread(): Promise<number> {
  const { limitedCommand, limitedIo } = await import('./timeLimit.js')
  const { userCache } = await import('../cache/userCache.js')
  const limited = limitedCommand()
  return runProgram(limited.args, limitedIo(processIo(nodeStream, userCache()), limited))
}

export function processIo(
  streamOf: (name: 'stdout' | 'stderr') => OutputStream,
  cache?: Cache,
): ProcessIo {
  const out = streamOf('stdout')
  return {
    version: typeof AMBIENT_POLICY_VERSION === 'string' ? AMBIENT_POLICY_VERSION : '0',
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
      out.write(text)
    },
    warn: (line) => {
      streamOf('stderr').write(`ambient-policy: ${line}\n`)
    },
    cache,
    helm: async (args, home) => {
      const { helmCommand } = await import('../helm/helmCommand.js')
      return helmCommand('helm')(args, home)
    },
    createWatcher: async () => {
      const { NodeWatcher } = await import('../nodeWatcher.js')
      return new NodeWatcher()
    },
    colours: usesColours(process.env, out.isTerminal),
    terminal: out.isTerminal,
    columns: out.columns,
    workflow: process.env['GITHUB_ACTIONS'] === 'true',
  }
}
