import { commands, type ExtensionContext } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { RESTART_COMMAND, SHOW_OUTPUT_COMMAND } from './commands/commandNames.js'
import { registerEvaluateRequest } from './commands/evaluateRequest.js'
import { registerExportPicture } from './commands/exportPicture.js'
import { registerOpenRule } from './commands/openRule.js'
import { registerShowObjectDocument } from './commands/showObjectDocument.js'
import { serveFiles } from './serveFiles.js'
import { showStatus } from './status.js'
import { ViewPanel } from './views/viewPanel.js'

/** Puts the extension together; nothing here knows where the server runs. Resolves when that has answered. */
export async function startExtension(context: ExtensionContext, client: BaseLanguageClient): Promise<void> {
  const panel = new ViewPanel(context.extensionUri)
  context.subscriptions.push(
    panel,
    serveFiles(client),
    showStatus(client),
    registerOpenRule(client),
    registerShowObjectDocument(client),
    registerEvaluateRequest(context, client, panel),
    registerExportPicture(panel),
    commands.registerCommand(RESTART_COMMAND, async () => {
      await client.stop()
      await client.start()
    }),
    commands.registerCommand(SHOW_OUTPUT_COMMAND, () => {
      client.outputChannel.show()
    }),
  )
  await client.start()
}
