import type {
  Connection,
  ConnectionOptions,
  InitializeParams,
  InitializeResult,
} from 'vscode-languageserver'
import { capabilitiesFor } from './features/capabilities.js'
import { readClientAbilities } from './features/clientAbilities.js'
import type { Host } from './host.js'
import { deferUntilLoaded } from './deferUntilLoaded.js'
import { describeError } from './log.js'
import { InitializeRequest, MessageType, ShowMessageNotification } from './lsp.js'

declare const AMBIENT_POLICY_VERSION: string | undefined

/**
 * Starts the server: `initialize` is answered at once, and what judges is loaded behind it, while the client takes the answer in.
 *
 * @param connect makes the connection, with the options it is given.
 * @param host the file system of the machine; a server in a browser has none.
 */
export function startServer<C extends Connection>(
  connect: (options: ConnectionOptions) => C,
  host: Host | undefined,
): C {
  let initialized: InitializeParams | undefined
  const load = async (): Promise<boolean> => {
    if (!initialized) return false
    try {
      const { compose } = await import('./compose.js')
      compose(connection, host, initialized)
    } catch (error) {
      void connection.sendNotification(ShowMessageNotification.type, {
        type: MessageType.Error,
        message: `Istio Ambient Policy cannot be loaded: ${describeError(error)}`,
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
        name: 'Istio Ambient Policy',
        version: typeof AMBIENT_POLICY_VERSION === 'string' ? AMBIENT_POLICY_VERSION : '0',
      },
    }
  })
  connection.listen()
  return connection
}
