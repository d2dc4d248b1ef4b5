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
      console.info(message)
    },
    warn: (message) => {
      console.warn(message)
    },
    error: (message) => {
      console.error(message)
    },
  }
}
