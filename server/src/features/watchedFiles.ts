import { isSettingsFile } from '@istio-ambient-policy/shared'
import type { Connection, FileEvent, FileSystemWatcher } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { DidChangeWatchedFilesNotification, FileChangeType, WatchKind } from '../lsp.js'
import { filesOfNewFolders } from './newFolders.js'
import { whenRefreshed, type ServerContext } from './serverContext.js'

/** A folder that is created, deleted or renamed is one event for the folder. */
const WATCHERS: FileSystemWatcher[] = [
  { globPattern: '**/*.{yaml,yml,json}' },
  { globPattern: '**/{Chart.lock,Kustomization}' },
  { globPattern: '**', kind: WatchKind.Create | WatchKind.Delete },
]

/** `workspace/didChangeWatchedFiles`: files that other programs write, rename or delete. */
export function registerWatchedFiles(connection: Connection, context: ServerContext): void {
  const { client, documents, log, whenInitialized, workspaces } = context
  const onChanged = (files: readonly string[]): void => {
    if (files.length === 0) return
    whenRefreshed(context, files, () => {
      if (files.some(isSettingsFile)) void workspaces.reloadSettings()
      workspaces.diskChanged(files)
    })
  }
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const created = changes.filter(({ type }) => type === FileChangeType.Created)
    onChanged(distinctFiles(changes))
    filesOfNewFolders(distinctFiles(created), context).then(onChanged, (error: unknown) => {
      log.error(`A new folder cannot be read: ${describeError(error)}`)
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

function distinctFiles(changes: readonly FileEvent[]): string[] {
  return [...new Set(changes.map(({ uri }) => fileOfUri(uri)))]
}
