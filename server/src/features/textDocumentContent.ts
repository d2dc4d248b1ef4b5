import { RULE_PAGE_SCHEME } from '@istio-ambient-policy/shared'
import type { Connection, ServerCapabilities } from 'vscode-languageserver'

/** `workspace/textDocumentContent`: documents that no file holds. The first of the providers that knows a URI gives its text. */
export function registerTextDocumentContent(connection: Connection, providers: readonly ((uri: string) => string | undefined)[]): ServerCapabilities['workspace'] {
  connection.workspace.textDocumentContent.on(({ uri }) => {
    for (const provider of providers) {
      const text = provider(uri)
      if (text !== undefined) return { text }
    }
    return { text: '# There is no such document\n' }
  })
  return { textDocumentContent: { schemes: [RULE_PAGE_SCHEME] } }
}
