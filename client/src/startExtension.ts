import { commands, EventEmitter, type ExtensionContext } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { RESTART_COMMAND, SHOW_OUTPUT_COMMAND } from './commands/commandNames.js'
import { registerCompareAccess } from './commands/compareAccess.js'
import { registerEvaluateRequest } from './commands/evaluateRequest.js'
import { registerExplainLog } from './commands/explainLog.js'
import { registerExportPicture } from './commands/exportPicture.js'
import { registerOpenRule } from './commands/openRule.js'
import { registerSampleMesh } from './commands/sampleMesh.js'
import { registerShowConnections } from './commands/showConnections.js'
import { registerShowObjectDocument } from './commands/showObjectDocument.js'
import { registerShowPlaces } from './commands/showPlaces.js'
import { registerWhoCanReach } from './commands/whoCanReach.js'
import { HeadTexts } from './git/headTexts.js'
import { serveFiles } from './serveFiles.js'
import { showStatus } from './status.js'
import { registerFindMissingTests } from './tests/findMissingTests.js'
import { registerPolicyTests } from './tests/policyTests.js'
import { registerMeshTree } from './views/meshTree.js'
import { ViewPanel } from './views/viewPanel.js'
import { isCausedByCrash, onlyLogErrorsOfCrash, type CrashHandler } from './crashHandler.js'

/** Registers all features and starts the server. Resolves when the server has answered. */
export async function startExtension(
  context: ExtensionContext,
  client: BaseLanguageClient,
  crashHandler: CrashHandler,
): Promise<void> {
  const panel = new ViewPanel(context.extensionUri)
  const head = new HeadTexts(client)
  const folderRead = new EventEmitter<undefined>()
  context.subscriptions.push(
    panel,
    head,
    serveFiles(client),
    folderRead,
    showStatus(client, () => {
      folderRead.fire(undefined)
    }),
    registerMeshTree(client, (act) => folderRead.event(act)),
    registerSampleMesh(context, client),
    registerOpenRule(client),
    registerShowObjectDocument(client),
    registerShowPlaces(client),
    registerEvaluateRequest(context, client, panel),
    registerShowConnections(client, panel),
    registerWhoCanReach(client, panel),
    registerCompareAccess(client, panel, head),
    registerExplainLog(client, panel),
    registerExportPicture(panel),
    registerPolicyTests(client),
    registerFindMissingTests(client),
    commands.registerCommand(RESTART_COMMAND, async () => {
      crashHandler.reset()
      if (client.needsStop()) await client.stop()
      await client.start()
    }),
    commands.registerCommand(SHOW_OUTPUT_COMMAND, () => {
      client.outputChannel.show()
    }),
  )
  onlyLogErrorsOfCrash(client)
  try {
    await client.start()
  } catch (error) {
    // `crashHandler` has handled it.
    if (!isCausedByCrash(error)) throw error
  }
}
