import { RULE_PAGE_SCHEME } from '@istio-ambient-policy/shared/messages'
import type { ServerCapabilities } from 'vscode-languageserver'
import { CodeActionKind, PositionEncodingKind, TextDocumentSyncKind } from '../lsp.js'
import type { ClientAbilities } from './clientAbilities.js'

/** Code action that applies all safe fixes of a file. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.istioAmbientPolicy`

/** Characters behind which something else may be written than before: a value begins, a quote opens, a principal goes on. */
const COMPLETION_TRIGGERS = [' ', '"', "'", '/', '[', '{', ',']

/** What the server tells of itself at `initialize`. It is data, so that a client gets it before the features are loaded: each registers what is said of it here. */
export function capabilitiesFor({ prepareRename }: ClientAbilities): ServerCapabilities {
  return {
    positionEncoding: PositionEncodingKind.UTF16,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
    codeLensProvider: { resolveProvider: false },
    completionProvider: { triggerCharacters: COMPLETION_TRIGGERS, resolveProvider: false },
    inlayHintProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: prepareRename ? { prepareProvider: true } : true,
    documentLinkProvider: { resolveProvider: false },
    workspaceSymbolProvider: true,
    callHierarchyProvider: true,
    workspace: {
      workspaceFolders: { supported: true, changeNotifications: true },
      textDocumentContent: { schemes: [RULE_PAGE_SCHEME] },
    },
  }
}
