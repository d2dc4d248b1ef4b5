import { commands, window } from 'vscode'
import {
  CloseAction,
  ConnectionError,
  ErrorAction,
  ErrorCodes,
  ResponseError,
  type BaseLanguageClient,
  type CloseHandlerResult,
  type ErrorHandler,
  type ErrorHandlerResult,
} from 'vscode-languageclient'
import { RESTART_COMMAND, SHOW_OUTPUT_COMMAND } from './commands/commandNames.js'
import { RestartLimit, RESTARTS } from './restartLimit.js'

const RESTART = 'Restart Server'
const SHOW_OUTPUT = 'Show Output'

/** What Node says of a pipe or channel to a process that has ended. */
const BROKEN: readonly unknown[] = [
  'EPIPE',
  'ECONNRESET',
  'ERR_IPC_CHANNEL_CLOSED',
  'ERR_STREAM_DESTROYED',
]

/** What happens when the server ends although nobody asked for it: it is started again, and gets what is open as it is shown; a person is asked where that does not help. */
export class WhenServerEnds implements ErrorHandler {
  readonly #limit = new RestartLimit()

  /** A person has asked for a server: what was before does not count any more. */
  forget(): void {
    this.#limit.forget()
  }

  /** What cannot be written any more comes before the end, and is in the output: as many lines as somebody types meanwhile must not keep the server from being started again. */
  error(): ErrorHandlerResult {
    return { action: ErrorAction.Continue, handled: true }
  }

  async closed(): Promise<CloseHandlerResult> {
    // What waits for an answer of this server fails first: a start that fails later would be taken for that of the next one.
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (this.#limit.allows(Date.now()))
      return {
        action: CloseAction.Restart,
        message: 'The server has ended, and is started again.',
        handled: true,
      }
    void ask()
    return {
      action: CloseAction.DoNotRestart,
      message: 'The server has ended too often, and is not started again.',
      handled: true,
    }
  }
}

/** Whether something failed because the server has ended before it answered. */
export function failedByEnd(error: unknown): boolean {
  if (error instanceof ResponseError) return error.code === ErrorCodes.PendingResponseRejected
  return (
    error instanceof ConnectionError ||
    (error instanceof Error && 'code' in error && BROKEN.includes(error.code))
  )
}

/** Keeps what fails by the server's end in the output: a person is told of the end, not of all that it brings with it. */
export function tellOfEndsOnly(client: BaseLanguageClient): void {
  const error = client.error.bind(client)
  client.error = (message, data: unknown, showNotification) => {
    error(message, data, failedByEnd(data) ? false : showNotification)
  }
}

async function ask(): Promise<void> {
  const chosen = await window.showErrorMessage(
    `The server of Istio Ambient Policy ended ${String(RESTARTS + 1)} times within three minutes, and is not started again. Until it is, there are no findings.`,
    RESTART,
    SHOW_OUTPUT,
  )
  if (chosen === RESTART) await commands.executeCommand(RESTART_COMMAND)
  else if (chosen === SHOW_OUTPUT) await commands.executeCommand(SHOW_OUTPUT_COMMAND)
}
