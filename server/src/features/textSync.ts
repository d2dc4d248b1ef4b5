import type { Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { whenBrought, type ServerContext } from './serverContext.js'

/** `textDocument/didOpen`, `didChange`, `didClose`: every keystroke is taken in at once, and what it means for its file is published before anything else. */
export function registerTextSync(connection: Connection, context: ServerContext): void {
  const { documents, sources, workspaces } = context
  const guard = (uri: string, act: (file: string) => void): void => {
    try {
      act(fileOfUri(uri))
    } catch (error) {
      context.log.error(`${uri}: ${describeError(error)}`)
    }
  }
  documents.onDidOpen(({ document }) => {
    guard(document.uri, (file) => {
      sources.open(file, document)
      // Editors drop the diagnostics of a file that they close and open to read it anew (Neovim's `:edit`).
      context.forgetPublished(file)
    })
  })
  // Also told of a document that was just opened.
  documents.onDidChangeContent(({ document }) => {
    guard(document.uri, (file) => {
      workspaces.edit(file)
    })
  })
  documents.onDidClose(({ document }) => {
    guard(document.uri, (file) => {
      sources.close(file)
      whenBrought(context, [file], () => {
        if (!sources.isOpen(file)) workspaces.close(file)
      })
    })
  })
  documents.listen(connection)
}
