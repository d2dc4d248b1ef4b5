import type { Connection } from 'vscode-languageserver'

/** `workspace/textDocumentContent`: documents that no file holds. The first of the providers that knows a URI gives its text. */
export function registerTextDocumentContent(
  connection: Connection,
  providers: readonly ((uri: string) => string | undefined | Promise<string | undefined>)[],
): void {
  connection.workspace.textDocumentContent.on(async ({ uri }) => {
    for (const provider of providers) {
      const text = await provider(uri)
      if (text !== undefined) return { text }
    }
    return { text: '# There is no such document\n' }
  })
}
