import { PRODUCT_NAME } from '@istio-ambient-policy/shared/messages'
import type {
  Connection,
  ConnectionOptions,
  InitializeParams,
  InitializeResult,
} from 'vscode-languageserver'
import { capabilitiesFor } from './features/capabilities.js'
import { readClientAbilities } from './features/clientAbilities.js'
import { deferUntilLoaded } from './deferUntilLoaded.js'
import { describeError } from './log.js'
import type { Machine } from './machine.js'
import { InitializeRequest, MessageType, ShowMessageNotification } from './lsp.js'

declare const AMBIENT_POLICY_VERSION: string | undefined

/**
 * Starts the server. It answers `initialize` at once and loads the analysis afterwards, while the client processes the
 * answer.
 *
 * @param connect creates the connection with these options.
 */
export function startServer<C extends Connection>(
  connect: (options: ConnectionOptions) => C,
  machine: Machine,
): C {
  let initialized: InitializeParams | undefined
  const load = async (): Promise<boolean> => {
    if (!initialized) return false
    try {
      const { compose } = await import('./compose.js')
      compose(connection, machine, initialized)
    } catch (error) {
      void connection.sendNotification(ShowMessageNotification.type, {
        type: MessageType.Error,
        message: `${PRODUCT_NAME} could not be started: ${describeError(error)}`,
      })
    }
    return true
  }
  const connection = connect({ messageStrategy: deferUntilLoaded(InitializeRequest.method, load) })
  connection.onInitialize((params): InitializeResult => {
    const capabilities = capabilitiesFor(readClientAbilities(params))
    initialized = params
    return {
      capabilities,
      serverInfo: {
        name: PRODUCT_NAME,
        version: typeof AMBIENT_POLICY_VERSION === 'string' ? AMBIENT_POLICY_VERSION : '0',
      },
    }
  })
  connection.listen()
  return connection
}
