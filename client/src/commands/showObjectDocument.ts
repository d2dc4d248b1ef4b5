import {
  OBJECT_DOCUMENTS_REQUEST,
  type ObjectDocumentKind,
  type ObjectDocumentsParams,
  type ObjectDocumentsResult,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, Uri, ViewColumn, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { SHOW_RECEIVED_COMMAND, SHOW_STATUS_COMMAND } from './commandNames.js'

const NOTHING: Readonly<Record<ObjectDocumentKind, string>> = {
  received: 'ztunnel receives policies, workloads and Services: put the cursor into one of them.',
  status:
    'istiod writes a status on AuthorizationPolicies, Services and ServiceEntries: put the cursor into one of them.',
}

/** *What ztunnel receives* and *Predicted status*: open a document that the server provides, about the object at the cursor or the one that a code lens names. */
export function registerShowObjectDocument(client: BaseLanguageClient): Disposable {
  const register = (command: string, kind: ObjectDocumentKind): Disposable =>
    commands.registerCommand(command, async (given: unknown) => {
      const uri = typeof given === 'string' ? given : (await documentsAtCursor(client))?.[kind]
      if (uri === undefined) void window.showInformationMessage(NOTHING[kind])
      else
        await window.showTextDocument(await workspace.openTextDocument(Uri.parse(uri, true)), {
          viewColumn: ViewColumn.Beside,
          preserveFocus: true,
          preview: true,
        })
    })
  return Disposable.from(
    register(SHOW_RECEIVED_COMMAND, 'received'),
    register(SHOW_STATUS_COMMAND, 'status'),
  )
}

function documentsAtCursor(client: BaseLanguageClient): Promise<ObjectDocumentsResult> {
  const editor = window.activeTextEditor
  if (!editor) return Promise.resolve(null)
  const { line, character } = editor.selection.active
  const params: ObjectDocumentsParams = {
    textDocument: { uri: client.code2ProtocolConverter.asUri(editor.document.uri) },
    position: { line, character },
  }
  return client.sendRequest<ObjectDocumentsResult>(OBJECT_DOCUMENTS_REQUEST, params)
}
