import { PRODUCT_NAME } from '@istio-ambient-policy/shared'
import { commands, l10n, window } from 'vscode'
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

const RESTART = l10n.t('Restart Server')
const SHOW_OUTPUT = l10n.t('Show Output')

/** Error codes of Node for a pipe or channel to a process that has ended. */
const BROKEN_CONNECTION: readonly unknown[] = [
  'EPIPE',
  'ECONNRESET',
  'ERR_IPC_CHANNEL_CLOSED',
  'ERR_STREAM_DESTROYED',
]

/** Restarts the server after a crash and sends it the open documents again. Asks the user after repeated crashes. */
export class CrashHandler implements ErrorHandler {
  readonly #limit = new RestartLimit()

  /** The user starts the server: earlier crashes no longer count. */
  reset(): void {
    this.#limit.reset()
  }

  /**
   * Messages that cannot be written are the first sign of a crash. They are only logged: the number of keystrokes
   * before the connection closes must not stop the restart.
   */
  error(): ErrorHandlerResult {
    return { action: ErrorAction.Continue, handled: true }
  }

  async closed(): Promise<CloseHandlerResult> {
    // Let the pending requests of this server fail first. Otherwise a failed start looks like a failure of the next
    // server.
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (this.#limit.allowsRestart(Date.now()))
      return {
        action: CloseAction.Restart,
        message: l10n.t('The language server crashed and was restarted.'),
        handled: true,
      }
    void askForRestart()
    return {
      action: CloseAction.DoNotRestart,
      message: l10n.t('The language server crashed repeatedly and was not restarted.'),
      handled: true,
    }
  }
}

/** Whether a request or notification failed because the server has ended. */
export function isCausedByCrash(error: unknown): boolean {
  if (error instanceof ResponseError) return error.code === ErrorCodes.PendingResponseRejected
  return (
    error instanceof ConnectionError ||
    (error instanceof Error && 'code' in error && BROKEN_CONNECTION.includes(error.code))
  )
}

/** Logs the errors that a crash causes, without a notification for each of them. */
export function onlyLogErrorsOfCrash(client: BaseLanguageClient): void {
  const error = client.error.bind(client)
  client.error = (message, data: unknown, showNotification) => {
    error(message, data, isCausedByCrash(data) ? false : showNotification)
  }
}

async function askForRestart(): Promise<void> {
  const chosen = await window.showErrorMessage(
    l10n.t(
      'The language server of {0} crashed {1} times within three minutes and was not restarted. There are no findings until you restart it.',
      PRODUCT_NAME,
      RESTARTS + 1,
    ),
    RESTART,
    SHOW_OUTPUT,
  )
  if (chosen === RESTART) await commands.executeCommand(RESTART_COMMAND)
  else if (chosen === SHOW_OUTPUT) await commands.executeCommand(SHOW_OUTPUT_COMMAND)
}
