import { Uri, type ExtensionContext } from 'vscode'
import { LanguageClient } from 'vscode-languageclient/browser'
import { CLIENT_ID, CLIENT_NAME, clientOptions } from './languageClient.js'
import { startExtension } from './startExtension.js'

/** Of the page; no library of types for pages is used here. */
declare const Worker: new (script: string) => object

let client: LanguageClient | undefined

/** The extension in VS Code for the Web: the server is a worker of the page. */
export async function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'server/dist/browser.js').toString(true)
  client = new LanguageClient(CLIENT_ID, CLIENT_NAME, () => Promise.resolve(new Worker(script)), clientOptions())
  await startExtension(context, client)
}

export async function deactivate(): Promise<void> {
  await client?.dispose()
}
