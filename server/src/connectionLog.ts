import { printable } from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import type { Log } from './log.js'

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
