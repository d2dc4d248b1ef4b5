import {
  PRODUCT_NAME,
  RULE_PAGE_SCHEME,
  SERVER_COMMANDS,
} from '@istio-ambient-policy/shared/messages'
import type { ServerCapabilities } from 'vscode-languageserver'
import { CodeActionKind, PositionEncodingKind, TextDocumentSyncKind } from '../lsp.js'
import type { ClientAbilities } from './clientAbilities.js'

/** The kind of the code action that applies all safe fixes of a file. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.istioAmbientPolicy`

/** Characters after which other completions are possible: at the start of a value, after a quote, in a principal. */
const COMPLETION_TRIGGERS = [' ', '"', "'", '/', '[', '{', ',']

/** The answer to `initialize`. It is static, because it is sent before the features are loaded. */
export function capabilitiesFor({ prepareRename }: ClientAbilities): ServerCapabilities {
  return {
    positionEncoding: PositionEncodingKind.UTF16,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL],
    },
    codeLensProvider: { resolveProvider: false },
    completionProvider: { triggerCharacters: COMPLETION_TRIGGERS, resolveProvider: false },
    inlayHintProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: prepareRename ? { prepareProvider: true } : true,
    documentLinkProvider: { resolveProvider: false },
    documentSymbolProvider: { label: PRODUCT_NAME },
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    executeCommandProvider: { commands: Object.values(SERVER_COMMANDS) },
    workspaceSymbolProvider: true,
    callHierarchyProvider: true,
    workspace: {
      workspaceFolders: { supported: true, changeNotifications: true },
      textDocumentContent: { schemes: [RULE_PAGE_SCHEME] },
    },
  }
}
