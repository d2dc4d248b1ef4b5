import type { Cache } from '../cache/cache.js'
import type { HelmCommand } from '../helm/helmCommand.js'
import type { WritableHost } from '../host.js'

/** Changes of files on disk. */
export interface FileWatcher {
  /** Watches more files and folders, by their absolute paths. */
  watch(paths: readonly string[]): void
  /** Waits for changes since the last call. Resolves with their paths, or with none if there are no more changes. */
  next(): Promise<readonly string[]>
  close(): void
}

/** The process of the command line. */
export interface ProcessIo {
  /** The version of this program. */
  readonly version: string
  readonly host: WritableHost
  /** The working directory: an absolute path with `/`. */
  readonly cwd: string
  /** Standard input; `too-large`, before its end, if it has more than `maxBytes`. */
  readStdin(maxBytes: number): Promise<Uint8Array | 'too-large'>
  /** The parts of standard input as they come. */
  stdin(): AsyncIterable<Uint8Array>
  /** Writes to standard output, without a line break. */
  out(text: string): void
  /** Writes one line to standard error. */
  warn(line: string): void
  /** Keeps results for the next run; undefined: nothing is kept. */
  readonly cache?: Cache | undefined
  /** Runs the user's `helm`. Only the option `--helm` calls it. */
  readonly helm: HelmCommand
  /** Watches files. Undefined for a process that ends after one run. */
  readonly createWatcher?: () => Promise<FileWatcher>
  /** Whether standard output shows colours. */
  readonly colours: boolean
  /** Whether standard output is a terminal. */
  readonly terminal: boolean
  /** The width of the terminal. Undefined: standard output is no terminal. */
  readonly columns?: number | undefined
  /** Whether the streams are the log of a GitHub workflow, which runs commands that are in it. */
  readonly workflow: boolean
  /** The longest Markdown of one report, in characters. The default fits into a comment on GitHub. */
  readonly maxMarkdown?: number
  /** Runs a command line with a limit of time, and returns its exit status. Undefined: `--timeout` has no effect. */
  readonly withTimeout?: (args: readonly string[], seconds: number) => Promise<number>
  /** Called by a command whose output depends only on its arguments and on what it has read. */
  readonly keepRun?: () => void
  /**
   * Called between the steps of long work: the process does other work meanwhile. Rejects if the result is not needed
   * any more. Undefined: the process has no other work.
   */
  readonly pause?: () => Promise<void>
  /** The most steps for the findings of one object. For tests. */
  readonly workLimit?: number
  /** Called with what the program does next: `reading a.yaml`. Undefined: it is not needed. */
  readonly onWork?: (text: string) => void
}

/** What the commands use of the process. `out` and `warn` print no command of a workflow. */
export interface CliIo extends ProcessIo {
  /** Writes the commands of a workflow to standard output. All text of a repository in it is escaped. */
  outCommands(text: string): void
}

export const EXIT_OK = 0
export const EXIT_FINDINGS = 1
export const EXIT_FAILURE = 2

/**
 * Ends a command with exit status 2 and one line on standard error: a wrong command line, or an input or output
 * error.
 */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
}
