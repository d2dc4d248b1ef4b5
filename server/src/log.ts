import { printable } from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'

/** The log of the server, which the client shows in its output. */
export interface Log {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** The text of a thrown value for the log. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Writes to the log of the client. */
export function connectionLog({ console }: Pick<Connection, 'console'>): Log {
  return {
    info: (message) => {
      console.info(printableLines(message))
    },
    warn: (message) => {
      console.warn(printableLines(message))
    },
    error: (message) => {
      console.error(printableLines(message))
    },
  }
}

/** Names of files and objects are a part of messages. A stack trace has several lines. */
function printableLines(message: string): string {
  return message.split('\n').map(printable).join('\n')
}
