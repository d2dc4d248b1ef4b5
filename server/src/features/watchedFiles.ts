import { isSettingsFile } from '@istio-ambient-policy/shared'
import type { Connection, FileSystemWatcher } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { DidChangeWatchedFilesNotification, WatchKind } from '../lsp.js'
import { whenRefreshed, type ServerContext } from './serverContext.js'

/** All deletions are watched, because a deleted folder is one event for the folder. */
const WATCHERS: FileSystemWatcher[] = [
  { globPattern: '**/*.{yaml,yml,json}' },
  { globPattern: '**/{Chart.lock,Kustomization}' },
  { globPattern: '**', kind: WatchKind.Delete },
]

/** `workspace/didChangeWatchedFiles`: files that other programs write, rename or delete. */
export function registerWatchedFiles(connection: Connection, context: ServerContext): void {
  const { client, documents, log, whenInitialized, workspaces } = context
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const files = [...new Set(changes.map(({ uri }) => fileOfUri(uri)))]
    whenRefreshed(context, files, () => {
      if (files.some(isSettingsFile)) void workspaces.reloadSettings()
      workspaces.diskChanged(files)
    })
  })
  if (!client.dynamicFileWatching) {
    documents.onDidSave(({ document }) => {
      const file = fileOfUri(document.uri)
      if (isSettingsFile(file)) void workspaces.reloadSettings()
      workspaces.diskChanged([file])
    })
    return
  }
  whenInitialized(() => {
    connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers: WATCHERS })
      .catch((error: unknown) => {
        log.error(`Changes of files on disk are not noticed: ${describeError(error)}`)
      })
  })
}
