import type { Connection } from 'vscode-languageserver'

/** `workspace/textDocumentContent`: documents that no file holds. The first of the providers that knows a URI gives its text. */
export function registerTextDocumentContent(connection: Connection, providers: readonly ((uri: string) => string | undefined)[]): void {
  connection.workspace.textDocumentContent.on(({ uri }) => {
    for (const provider of providers) {
      const text = provider(uri)
      if (text !== undefined) return { text }
    }
    return { text: '# There is no such document\n' }
  })
}
