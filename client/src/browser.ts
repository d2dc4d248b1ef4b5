import { Uri, workspace, type ExtensionContext } from 'vscode'
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
} from 'vscode-languageclient/browser'
import { CLIENT_ID, CLIENT_NAME, clientOptions } from './languageClient.js'
import { startExtension } from './startExtension.js'
import { WhenServerEnds } from './whenServerEnds.js'

/** Of the page; no library of types for pages is used here. */
declare const Worker: new (script: string) => object

let client: LanguageClient | undefined

/** The extension in VS Code for the Web: the server is a worker of the page. */
export async function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'server/dist/browser.js')
  const ends = new WhenServerEnds()
  client = new LanguageClient(
    CLIENT_ID,
    CLIENT_NAME,
    async () => {
      const worker = new Worker(await addressOf(script))
      return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) }
    },
    clientOptions(context, ends),
  )
  await startExtension(context, client, ends)
}

export async function deactivate(): Promise<void> {
  await client?.dispose()
}

/** Where a worker can load a script from: what comes from a remote machine has no address of its own. */
async function addressOf(script: Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true)
  return URL.createObjectURL(
    new Blob([await workspace.fs.readFile(script)], { type: 'text/javascript' }),
  )
}
