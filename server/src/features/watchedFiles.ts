import { isSettingsFile } from '@istio-ambient-policy/shared'
import type { Connection, FileEvent, FileSystemWatcher } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { DidChangeWatchedFilesNotification, FileChangeType, WatchKind } from '../lsp.js'
import { filesOfNewFolders, manifestsBelow } from './newFolders.js'
import { whenRefreshed, type ServerContext } from './serverContext.js'

/** A folder that is created, deleted or renamed is one event for the folder. */
const WATCHERS: FileSystemWatcher[] = [
  { globPattern: '**/*.{yaml,yml,json}' },
  { globPattern: '**/{Chart.lock,Kustomization}' },
  { globPattern: '**', kind: WatchKind.Create | WatchKind.Delete },
]

/**
 * VS Code begins to watch a folder some seconds after it has opened the window, and reports no change before. After this
 * time it does.
 */
const WATCHED_AFTER_MILLISECONDS = 20_000

/** `workspace/didChangeWatchedFiles`: files that other programs write, rename or delete. */
export function registerWatchedFiles(connection: Connection, context: ServerContext): void {
  const { client, documents, log, shutdown, whenInitialized, workspaces } = context
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
    const timer = setTimeout(() => {
      filesOnDisk(context).then(onChanged, (error: unknown) => {
        log.error(`The folders cannot be read again: ${describeError(error)}`)
      })
    }, WATCHED_AFTER_MILLISECONDS)
    shutdown.addEventListener('abort', () => {
      clearTimeout(timer)
    })
  })
}

/**
 * All files that were read, and those that are in the folders now. Files of the client are left out: reading them again
 * would need its network.
 */
async function filesOnDisk({ files, shutdown, workspaces }: ServerContext): Promise<string[]> {
  const found = new Set<string>()
  for (const around of workspaces.folders) {
    if (!around.ready || !files.isLocal(around.folder)) continue
    for (const file of around.files()) found.add(file)
    for (const file of await manifestsBelow(around.folder, around, files)) found.add(file)
  }
  return shutdown.aborted ? [] : [...found]
}

function distinctFiles(changes: readonly FileEvent[]): string[] {
  return [...new Set(changes.map(({ uri }) => fileOfUri(uri)))]
}
