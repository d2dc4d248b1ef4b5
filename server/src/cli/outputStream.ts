import { fstatSync, writeSync } from 'node:fs'
import { EXIT_FAILURE } from './io.js'

/** Where the text of a program goes. */
export interface OutputStream {
  readonly isTerminal: boolean
  /** The width of the terminal. */
  readonly columns?: number | undefined
  write(text: string): void
}

interface NodeOutput extends OutputStream {
  write(text: string | Uint8Array): void
}

/**
 * Standard output or standard error. A pipe or a file is written directly: the streams of Node.js take several
 * milliseconds to load. If the reader of a pipe has ended, such as `head`, the program ends silently. If the output
 * cannot be written, for example because the disk is full, it ends as for other input and output errors.
 *
 * @param name of the stream in `process`
 */
export function outputStream(name: 'stdout' | 'stderr'): OutputStream {
  const descriptor = name === 'stdout' ? 1 : 2
  if (!isDirect(descriptor)) return nodeStream(name)
  let rest: NodeOutput | undefined
  return {
    isTerminal: false,
    write: (text) => {
      if (rest) {
        rest.write(text)
        return
      }
      const bytes = Buffer.from(text)
      const written = writeDirectly(descriptor, bytes)
      if (written === bytes.length) return
      rest = nodeStream(name)
      rest.write(bytes.subarray(written))
    },
  }
}

/** The stream of Node.js. It also writes if its reader is slow, and the process does other work meanwhile. */
export function nodeStream(name: 'stdout' | 'stderr'): NodeOutput {
  const stream = process[name]
  if (stream.listenerCount('error', endProcess) === 0) stream.on('error', endProcess)
  return {
    isTerminal: stream.isTTY,
    columns: stream.columns,
    write: (text) => {
      stream.write(text)
    },
  }
}

/** Windows writes to pipes in another way. */
function isDirect(descriptor: number): boolean {
  if (process.platform === 'win32') return false
  try {
    return !fstatSync(descriptor).isCharacterDevice()
  } catch {
    return false
  }
}

/** Returns the number of written bytes: less than all if the reader of a pipe that does not wait is slow. */
function writeDirectly(descriptor: number, bytes: Uint8Array): number {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written)
  } catch (error) {
    if (codeOf(error) !== 'EAGAIN') endProcess(error)
  }
  return written
}

function endProcess(error: unknown): void {
  const code = codeOf(error)
  if (code === 'EPIPE') process.exit()
  process.stderr.write(`ambient-policy: the output cannot be written (${code})\n`)
  process.exit(EXIT_FAILURE)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
