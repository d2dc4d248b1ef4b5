import type { InitializationOptions } from '@istio-ambient-policy/shared'
import { LanguageClient, TransportKind } from 'vscode-languageclient/node'
import { OPEN_RULE_COMMAND } from './commands.js'

/** Documents that can hold manifests. Schemes are named: a diff shows the same text a second time under another one. */
export const DOCUMENTS = ['file', 'untitled', 'vscode-vfs'].flatMap((scheme) => ['yaml', 'json'].map((language) => ({ scheme, language })))

/** The client of the language server, not started yet. Its id is the prefix of the settings (`istioAmbientPolicy.trace.server`). */
export function createLanguageClient(serverModule: string): LanguageClient {
  const run = { module: serverModule, transport: TransportKind.ipc }
  const initializationOptions: InitializationOptions = { status: true, openRuleCommand: OPEN_RULE_COMMAND }
  return new LanguageClient(
    'istioAmbientPolicy',
    'Istio Ambient Policy',
    { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } } },
    { documentSelector: DOCUMENTS, initializationOptions },
  )
}
