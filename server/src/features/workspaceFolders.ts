import type { Connection, InitializeParams } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import type { Configuration } from './configuration.js'
import type { ServerContext } from './serverContext.js'

/** The folders that the client opened, without a slash at their end. */
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

/** `workspace/didChangeWorkspaceFolders`: folders come and go without a restart. Reading begins after `initialized`. */
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
      const gone = removed.map(({ uri }) => folderOfUri(uri))
      const come = added.map(({ uri }) => folderOfUri(uri))
      folders = [...folders.filter((folder) => !gone.includes(folder)), ...come]
      configuration.folders = folders
      for (const folder of gone) workspaces.remove(folder)
      for (const folder of come) void workspaces.add(folder)
    })
  })
}
