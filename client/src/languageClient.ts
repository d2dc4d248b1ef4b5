import { SETTINGS_SECTION, type InitializationOptions } from '@istio-ambient-policy/shared'
import { workspace } from 'vscode'
import type { LanguageClientOptions } from 'vscode-languageclient'
import { EVALUATE_COMMAND, OPEN_RULE_COMMAND, SHOW_RECEIVED_COMMAND, SHOW_STATUS_COMMAND } from './commands/commandNames.js'

/** Its prefix is that of the settings (`istioAmbientPolicy.trace.server`). */
export const CLIENT_ID = SETTINGS_SECTION
export const CLIENT_NAME = 'Istio Ambient Policy'

/** Documents that can hold manifests. Schemes are named: a diff shows the same text a second time under another one. */
export function manifestDocuments(): { readonly scheme: string; readonly language: string }[] {
  const schemes = new Set(['file', 'untitled', 'vscode-vfs', ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme)])
  return [...schemes].flatMap((scheme) => ['yaml', 'json'].map((language) => ({ scheme, language })))
}

/** What the client tells the server of itself, wherever either runs. */
export function clientOptions(): LanguageClientOptions {
  const initializationOptions: InitializationOptions = {
    status: true, files: true, openRuleCommand: OPEN_RULE_COMMAND, evaluateCommand: EVALUATE_COMMAND, showReceivedCommand: SHOW_RECEIVED_COMMAND, showStatusCommand: SHOW_STATUS_COMMAND,
  }
  return { documentSelector: manifestDocuments(), initializationOptions }
}
