import { isBuiltin } from 'node:module'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { EXIT_FAILURE, type ProcessIo } from './io.js'
import { LIMITED_THREAD } from './nodeProcess.js'

/** The longest text of the current work, in bytes. */
const MAX_BYTES = 8_192
/** The first number of the shared memory is the length of the text in bytes. */
const HEADER_BYTES = 4
const READ_STDIN = 'read standard input'
/** The name of the program in an executable, as `scripts/release/executable.mjs` writes it. */
const PROGRAM_ASSET = 'program'

/** What a limited command line gets from the process. */
interface Limited {
  readonly args: readonly string[]
  readonly streams: Pick<ProcessIo, 'colours' | 'terminal' | 'workflow'>
  readonly work: SharedArrayBuffer
}

/** The command line that this thread runs with a limit of time. Throws in the main thread. */
export function limitedCommand(): Limited {
  if (isLimited(workerData)) return workerData
  throw new Error('This thread has no command line.')
}

/**
 * Runs a command line in another thread, and ends the process with status 2 if it takes too long. The main thread is
 * free, so that it also ends loops without an end and regular expressions that take too long.
 *
 * @returns the exit status.
 */
export async function runLimited(
  args: readonly string[],
  seconds: number,
  io: ProcessIo,
): Promise<number> {
  const { colours, terminal, workflow } = io
  const work = new SharedArrayBuffer(HEADER_BYTES + MAX_BYTES)
  const limited: Limited = { args, streams: { colours, terminal, workflow }, work }
  const { code, isFile } = await programOfProcess()
  const worker = new Worker(code, {
    eval: !isFile,
    argv: [LIMITED_THREAD],
    workerData: limited,
    stdin: true,
  })
  const stdin = { isRead: false }
  worker.on('message', (message) => {
    if (message !== READ_STDIN || !worker.stdin || stdin.isRead) return
    stdin.isRead = true
    process.stdin.pipe(worker.stdin)
  })
  const timer = setTimeout(() => {
    io.warn(`no result within ${seconds} s (--timeout): the program was still ${textOf(work)}`)
    process.exit(EXIT_FAILURE)
  }, seconds * 1_000)
  try {
    return await new Promise<number>((resolve, reject) => {
      worker.on('error', reject)
      worker.on('exit', resolve)
    })
  } finally {
    clearTimeout(timer)
    if (stdin.isRead) process.stdin.destroy()
  }
}

/** The file of the program, or its text: an executable has it as an asset. Node.js before 20.12 has no such executables. */
async function programOfProcess(): Promise<{ readonly code: string; readonly isFile: boolean }> {
  const sea = isBuiltin('node:sea') ? await import('node:sea') : undefined
  return sea?.isSea() === true
    ? { code: sea.getAsset(PROGRAM_ASSET, 'utf8'), isFile: false }
    : { code: process.argv[1] ?? '', isFile: true }
}

/** The process of a limited command line: it says what it works on, and when it needs standard input. */
export function limitedIo(io: ProcessIo, { streams, work }: Limited): ProcessIo {
  const ask = (text: string): void => parentPort?.postMessage(text)
  const length = new Int32Array(work, 0, 1)
  const bytes = new Uint8Array(work, HEADER_BYTES)
  const onWork = (text: string): void => {
    const encoded = Buffer.from(text).subarray(0, MAX_BYTES)
    bytes.set(encoded)
    Atomics.store(length, 0, encoded.length)
  }
  return {
    ...io,
    ...streams,
    onWork,
    readStdin: (maxBytes) => {
      ask(READ_STDIN)
      onWork('reading standard input')
      return io.readStdin(maxBytes)
    },
    stdin: () => {
      ask(READ_STDIN)
      return io.stdin()
    },
  }
}

function textOf(work: SharedArrayBuffer): string {
  const length = Atomics.load(new Int32Array(work, 0, 1), 0)
  return Buffer.from(new Uint8Array(work, HEADER_BYTES, length)).toString() || 'starting'
}

function isLimited(data: unknown): data is Limited {
  return typeof data === 'object' && data !== null && 'work' in data
}
