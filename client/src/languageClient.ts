import {
  PRODUCT_NAME,
  SETTINGS_SECTION,
  type InitializationOptions,
} from '@istio-ambient-policy/shared'
import { extensions, window, workspace, type ExtensionContext } from 'vscode'
import type { LanguageClientOptions } from 'vscode-languageclient'
import {
  ACCESS_COMMAND,
  COMPARE_ACCESS_COMMAND,
  EVALUATE_COMMAND,
  FIND_MISSING_TESTS_COMMAND,
  OPEN_RULE_COMMAND,
  RUN_TESTS_COMMAND,
  SHOW_PLACES_COMMAND,
  SHOW_RECEIVED_COMMAND,
  SHOW_STATUS_COMMAND,
} from './commands/commandNames.js'
import type { CrashHandler } from './crashHandler.js'
import { manifestSelectors } from './manifestLanguages.js'

/** The library adds `.trace.server` to the id, so it is the prefix of the settings. */
export const CLIENT_ID = SETTINGS_SECTION

/**
 * Documents that can contain manifests. The schemes are listed because a diff shows the same text again under
 * another one.
 */
export function manifestDocuments(): { readonly scheme: string; readonly language: string }[] {
  const schemes = new Set([
    'file',
    'untitled',
    'vscode-vfs',
    ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme),
  ])
  return manifestSelectors(schemes)
}

/** The extension that reads the contributed JSON schema of settings files. */
const YAML_EXTENSION = 'redhat.vscode-yaml'
/** The commands that links in hovers can run. */
const HOVER_COMMANDS = [
  EVALUATE_COMMAND,
  OPEN_RULE_COMMAND,
  SHOW_RECEIVED_COMMAND,
  SHOW_STATUS_COMMAND,
]

/** A folder of the extension on this machine. A browser has none. */
function cacheFolderOf({ globalStorageUri }: ExtensionContext): { readonly cacheFolder?: string } {
  return globalStorageUri.scheme === 'file'
    ? { cacheFolder: `${globalStorageUri.fsPath}/cache` }
    : {}
}

/** The options of the language client that do not depend on where the server runs. */
export function clientOptions(
  context: ExtensionContext,
  errorHandler: CrashHandler,
): LanguageClientOptions {
  const initializationOptions: InitializationOptions = {
    status: true,
    files: true,
    openRuleCommand: OPEN_RULE_COMMAND,
    evaluateCommand: EVALUATE_COMMAND,
    showReceivedCommand: SHOW_RECEIVED_COMMAND,
    showStatusCommand: SHOW_STATUS_COMMAND,
    showPlacesCommand: SHOW_PLACES_COMMAND,
    runTestsCommand: RUN_TESTS_COMMAND,
    findMissingTestsCommand: FIND_MISSING_TESTS_COMMAND,
    commandLinks: true,
    settingsSchema: extensions.getExtension(YAML_EXTENSION) !== undefined,
    accessCommand: ACCESS_COMMAND,
    compareCommand: COMPARE_ACCESS_COMMAND,
    ...cacheFolderOf(context),
  }
  // The client would close its own channel, with the messages about the crash, when it restarts the server.
  const outputChannel = window.createOutputChannel(PRODUCT_NAME, { log: true })
  context.subscriptions.push(outputChannel)
  return {
    documentSelector: manifestDocuments(),
    initializationOptions,
    initializationFailedHandler: () => false,
    errorHandler,
    outputChannel,
    markdown: { isTrusted: { enabledCommands: HOVER_COMMANDS } },
  }
}
