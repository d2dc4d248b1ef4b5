import { type ExtensionContext } from 'vscode'
import { type LanguageClient } from 'vscode-languageclient/node'
import { registerCommands } from './commands.js'
import { createLanguageClient } from './languageClient.js'
import { showStatus } from './status.js'

let client: LanguageClient | undefined

export async function activate(context: ExtensionContext): Promise<void> {
  client = createLanguageClient(context.asAbsolutePath('server/dist/server.cjs'))
  context.subscriptions.push(registerCommands(client), showStatus(client))
  await client.start()
}

export async function deactivate(): Promise<void> {
  await client?.dispose()
}
