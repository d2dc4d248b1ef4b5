import { SETTINGS_SECTION, type InitializationOptions } from '@istio-ambient-policy/shared'
import { window, workspace, type ExtensionContext } from 'vscode'
import type { LanguageClientOptions } from 'vscode-languageclient'
import {
  EVALUATE_COMMAND,
  OPEN_RULE_COMMAND,
  SHOW_RECEIVED_COMMAND,
  SHOW_STATUS_COMMAND,
} from './commands/commandNames.js'
import type { WhenServerEnds } from './whenServerEnds.js'

/** Its prefix is that of the settings (`istioAmbientPolicy.trace.server`). */
export const CLIENT_ID = SETTINGS_SECTION
export const CLIENT_NAME = 'Istio Ambient Policy'

/** Documents that can hold manifests. Schemes are named: a diff shows the same text a second time under another one. */
export function manifestDocuments(): { readonly scheme: string; readonly language: string }[] {
  const schemes = new Set([
    'file',
    'untitled',
    'vscode-vfs',
    ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme),
  ])
  return [...schemes].flatMap((scheme) =>
    ['yaml', 'json'].map((language) => ({ scheme, language })),
  )
}

/** What the client tells the server of itself, and does for it, wherever either runs. */
export function clientOptions(
  context: ExtensionContext,
  errorHandler: WhenServerEnds,
): LanguageClientOptions {
  const initializationOptions: InitializationOptions = {
    status: true,
    files: true,
    openRuleCommand: OPEN_RULE_COMMAND,
    evaluateCommand: EVALUATE_COMMAND,
    showReceivedCommand: SHOW_RECEIVED_COMMAND,
    showStatusCommand: SHOW_STATUS_COMMAND,
  }
  // Our own: a client's would go with what it says of a server's end when the server is started again.
  const outputChannel = window.createOutputChannel(CLIENT_NAME, { log: true })
  context.subscriptions.push(outputChannel)
  return {
    documentSelector: manifestDocuments(),
    initializationOptions,
    initializationFailedHandler: () => false,
    errorHandler,
    outputChannel,
  }
}
