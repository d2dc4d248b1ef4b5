import { PRODUCT_NAME } from '@istio-ambient-policy/shared'
import { Uri, workspace, type ExtensionContext } from 'vscode'
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
} from 'vscode-languageclient/browser'
import { CLIENT_ID, clientOptions } from './languageClient.js'
import { startExtension } from './startExtension.js'
import { CrashHandler } from './crashHandler.js'

/** The `Worker` of the page. This file does not load the DOM types. */
declare const Worker: new (script: string) => object

let client: LanguageClient | undefined

/** Starts the extension in VS Code for the Web, with the server in a web worker. */
export async function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'server/dist/browser.js')
  const crashHandler = new CrashHandler()
  client = new LanguageClient(
    CLIENT_ID,
    PRODUCT_NAME,
    async () => {
      const worker = new Worker(await workerUrl(script))
      return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) }
    },
    clientOptions(context, crashHandler),
  )
  await startExtension(context, client, crashHandler)
}

export async function deactivate(): Promise<void> {
  await client?.dispose()
}

/** The address of a script for a worker. A script on a remote machine has no address in the page: it becomes a blob. */
async function workerUrl(script: Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true)
  return URL.createObjectURL(
    new Blob([await workspace.fs.readFile(script)], { type: 'text/javascript' }),
  )
}
