import type { Connection, InitializeParams } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import type { Configuration } from './configuration.js'
import type { ServerContext } from './serverContext.js'

/** The folders of the client, without a slash at the end. */
export function foldersOf({
  workspaceFolders,
  rootUri,
}: Pick<InitializeParams, 'workspaceFolders'> & { readonly rootUri?: string | null }): string[] {
  const uris =
    workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : [])
  return uris.map(folderOfUri)
}

function folderOfUri(uri: string): string {
  return fileOfUri(uri).replace(/(?<=.)\/+$/, '')
}

/** `workspace/didChangeWorkspaceFolders`: folders are added and removed. Reading starts after `initialized`. */
export function registerWorkspaceFolders(
  connection: Connection,
  { client, whenInitialized, workspaces }: ServerContext,
  {
    initial,
    configuration,
  }: { readonly initial: readonly string[]; readonly configuration: Configuration },
): void {
  let folders = [...initial]
  configuration.folders = folders
  whenInitialized(() => {
    for (const folder of initial) void workspaces.add(folder)
    if (!client.workspaceFolders) return
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const removedFolders = removed.map(({ uri }) => folderOfUri(uri))
      const addedFolders = added.map(({ uri }) => folderOfUri(uri))
      folders = [...folders.filter((folder) => !removedFolders.includes(folder)), ...addedFolders]
      configuration.folders = folders
      for (const folder of removedFolders) workspaces.remove(folder)
      for (const folder of addedFolders) void workspaces.add(folder)
    })
  })
}
