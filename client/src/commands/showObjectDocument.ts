import {
  OBJECT_DOCUMENTS_REQUEST,
  type ObjectDocumentKind,
  type ObjectDocumentsParams,
  type ObjectDocumentsResult,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, Uri, ViewColumn, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { SHOW_RECEIVED_COMMAND, SHOW_STATUS_COMMAND } from './commandNames.js'

const NO_OBJECT: Readonly<Record<ObjectDocumentKind, string>> = {
  received:
    'Place the cursor in a policy, a workload or a Service: ztunnel receives these objects.',
  status:
    'Place the cursor in an AuthorizationPolicy, a Service or a ServiceEntry: istiod writes a status to these objects.',
}

/**
 * *Show What ztunnel Receives* and *Show Predicted Status*: open a document that the server provides. It is about the
 * object of the code lens, or about the object at the cursor.
 */
export function registerShowObjectDocument(client: BaseLanguageClient): Disposable {
  const register = (command: string, kind: ObjectDocumentKind): Disposable =>
    commands.registerCommand(command, async (given: unknown) => {
      const uri = typeof given === 'string' ? given : (await documentsAtCursor(client))?.[kind]
      if (uri === undefined) void window.showInformationMessage(NO_OBJECT[kind])
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
