import type { WritableHost } from '../host.js'

/** What the command line needs of its process. */
export interface CliIo {
  /** Of this program. */
  readonly version: string
  readonly host: WritableHost
  /** Absolute, with `/`. */
  readonly cwd: string
  readStdin(): Promise<Uint8Array>
  /** Writes to standard output, as it is. */
  out(text: string): void
  /** Writes one line to standard error. */
  complain(line: string): void
  /** Standard output is a terminal that shows colours. */
  readonly colours: boolean
}

export const EXIT_OK = 0
export const EXIT_FINDINGS = 1
export const EXIT_FAILURE = 2

/** Ends a command with exit status 2 and one line on standard error: a usage or input/output error. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
}
