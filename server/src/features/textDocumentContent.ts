import type { Connection } from 'vscode-languageserver'

/**
 * `workspace/textDocumentContent`: documents without a file. The first provider that knows the URI returns the
 * text.
 */
export function registerTextDocumentContent(
  connection: Connection,
  providers: readonly ((uri: string) => string | undefined | Promise<string | undefined>)[],
): void {
  connection.workspace.textDocumentContent.on(async ({ uri }) => {
    for (const provider of providers) {
      const text = await provider(uri)
      if (text !== undefined) return { text }
    }
    return { text: '# This document does not exist\n' }
  })
}
