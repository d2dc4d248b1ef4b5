import type { Connection } from 'vscode-languageserver'
import type { Log } from '../log.js'
import { CodeLensRefreshRequest } from '../lsp.js'
import type { ClientAbilities } from './clientAbilities.js'
import { refresher } from './refresher.js'

/** Returns a function after which the client requests code lenses and inlay hints again, if it supports this. */
export function clientRefresh(
  connection: Connection,
  client: ClientAbilities,
  context: { readonly log: Log; readonly shutdown: AbortSignal },
): () => void {
  const refreshers = [
    ...(client.codeLensRefresh
      ? [
          refresher('Code lenses', context, () =>
            connection.sendRequest(CodeLensRefreshRequest.type),
          ),
        ]
      : []),
    ...(client.inlayHintRefresh
      ? [refresher('Inlay hints', context, () => connection.languages.inlayHint.refresh())]
      : []),
  ]
  return () => {
    for (const refresh of refreshers) refresh()
  }
}
