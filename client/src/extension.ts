import { PRODUCT_NAME } from '@istio-ambient-policy/shared'
import type { ExtensionContext } from 'vscode'
import { LanguageClient, TransportKind } from 'vscode-languageclient/node'
import { CLIENT_ID, clientOptions } from './languageClient.js'
import { registerLanguageModelTools } from './languageModelTools.js'
import { startExtension } from './startExtension.js'
import { CrashHandler } from './crashHandler.js'

let client: LanguageClient | undefined

/** Starts the extension in VS Code for the desktop or a remote machine, with the server in its own process. */
export async function activate(context: ExtensionContext): Promise<void> {
  const run = {
    module: context.asAbsolutePath('server/dist/server.cjs'),
    transport: TransportKind.ipc,
  }
  const crashHandler = new CrashHandler()
  client = new LanguageClient(
    CLIENT_ID,
    PRODUCT_NAME,
    { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } } },
    clientOptions(context, crashHandler),
  )
  context.subscriptions.push(registerLanguageModelTools(context, client))
  await startExtension(context, client, crashHandler)
}

export async function deactivate(): Promise<void> {
  await client?.dispose()
}
