import type { ExtensionContext } from 'vscode'
import { LanguageClient, TransportKind } from 'vscode-languageclient/node'
import { CLIENT_ID, CLIENT_NAME, clientOptions } from './languageClient.js'
import { startExtension } from './startExtension.js'
import { WhenServerEnds } from './whenServerEnds.js'

let client: LanguageClient | undefined

/** The extension on a machine: the server is a process of its own. */
export async function activate(context: ExtensionContext): Promise<void> {
  const run = {
    module: context.asAbsolutePath('server/dist/server.cjs'),
    transport: TransportKind.ipc,
  }
  const ends = new WhenServerEnds()
  client = new LanguageClient(
    CLIENT_ID,
    CLIENT_NAME,
    { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } } },
    clientOptions(context, ends),
  )
  await startExtension(context, client, ends)
}

export async function deactivate(): Promise<void> {
  await client?.dispose()
}
