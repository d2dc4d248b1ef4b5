import { isSettingsFile } from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { whenRefreshed, type ServerContext } from './serverContext.js'

/**
 * `textDocument/didOpen`, `didChange` and `didClose`: a keystroke is analysed at once, and the findings of its file
 * come first.
 */
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
      // Some editors remove the diagnostics of a file when they reload it (`:edit` in Neovim).
      context.forgetPublished(file)
    })
  })
  // This event also occurs when a document is opened.
  documents.onDidChangeContent(({ document }) => {
    guard(document.uri, (file) => {
      workspaces.edit(file)
      if (isSettingsFile(file)) workspaces.reloadSettingsSoon()
    })
  })
  documents.onDidClose(({ document }) => {
    guard(document.uri, (file) => {
      sources.close(file)
      whenRefreshed(context, [file], () => {
        if (!sources.isOpen(file)) workspaces.close(file)
        if (isSettingsFile(file)) void workspaces.reloadSettings()
      })
    })
  })
  documents.listen(connection)
}
