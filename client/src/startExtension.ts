import { commands, EventEmitter, type ExtensionContext } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { RESTART_COMMAND, SHOW_OUTPUT_COMMAND } from './commands/commandNames.js'
import { registerEvaluateRequest } from './commands/evaluateRequest.js'
import { registerExportPicture } from './commands/exportPicture.js'
import { registerOpenRule } from './commands/openRule.js'
import { registerSampleMesh } from './commands/sampleMesh.js'
import { registerShowConnections } from './commands/showConnections.js'
import { registerShowObjectDocument } from './commands/showObjectDocument.js'
import { serveFiles } from './serveFiles.js'
import { showStatus } from './status.js'
import { registerMeshTree } from './views/meshTree.js'
import { ViewPanel } from './views/viewPanel.js'
import { failedByEnd, tellOfEndsOnly, type WhenServerEnds } from './whenServerEnds.js'

/** Puts the extension together; nothing here knows where the server runs. Resolves when that has answered. */
export async function startExtension(
  context: ExtensionContext,
  client: BaseLanguageClient,
  ends: WhenServerEnds,
): Promise<void> {
  const panel = new ViewPanel(context.extensionUri)
  const read = new EventEmitter<undefined>()
  context.subscriptions.push(
    panel,
    serveFiles(client),
    read,
    showStatus(client, () => {
      read.fire(undefined)
    }),
    registerMeshTree(client, (act) => read.event(act)),
    registerSampleMesh(context),
    registerOpenRule(client),
    registerShowObjectDocument(client),
    registerEvaluateRequest(context, client, panel),
    registerShowConnections(client, panel),
    registerExportPicture(panel),
    commands.registerCommand(RESTART_COMMAND, async () => {
      ends.forget()
      if (client.needsStop()) await client.stop()
      await client.start()
    }),
    commands.registerCommand(SHOW_OUTPUT_COMMAND, () => {
      client.outputChannel.show()
    }),
  )
  tellOfEndsOnly(client)
  try {
    await client.start()
  } catch (error) {
    // `ends` has seen to it.
    if (!failedByEnd(error)) throw error
  }
}
