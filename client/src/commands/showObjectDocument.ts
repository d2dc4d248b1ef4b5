import {
  OBJECT_DOCUMENTS_REQUEST,
  type ObjectDocumentKind,
  type ObjectDocumentsParams,
  type ObjectDocumentsResult,
} from '@istio-ambient-policy/shared'
import { commands, Disposable, l10n, Uri, ViewColumn, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import type { MeshNode } from '../views/meshTree.js'
import { SHOW_RECEIVED_COMMAND, SHOW_STATUS_COMMAND } from './commandNames.js'

const NO_OBJECT: Readonly<Record<ObjectDocumentKind, string>> = {
  received: l10n.t(
    'Place the cursor in a policy, a workload or a Service: ztunnel receives these objects.',
  ),
  status: l10n.t(
    'Place the cursor in an AuthorizationPolicy, a Service or a ServiceEntry: istiod writes a status to these objects.',
  ),
}

/**
 * *Show What ztunnel Receives* and *Show Predicted Status*: open a document that the server provides. It is about the
 * object of the code lens, or about the object at the cursor.
 */
export function registerShowObjectDocument(client: BaseLanguageClient): Disposable {
  const register = (command: string, kind: ObjectDocumentKind): Disposable =>
    commands.registerCommand(command, async (given: unknown) => {
      const uri =
        typeof given === 'string' ? given : (await documentsAt(client, placeOf(given)))?.[kind]
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

/** A place in a document. */
interface DocumentPlace {
  readonly uri: string
  readonly position: { readonly line: number; readonly character: number }
}

/** The place of a line of the mesh view; undefined for another argument. */
function placeOf(given: unknown): DocumentPlace | undefined {
  const link = isNode(given) ? given.item?.link : undefined
  return link ? { uri: link.uri, position: link.range.start } : undefined
}

function isNode(value: unknown): value is MeshNode {
  return typeof value === 'object' && value !== null && 'mesh' in value && 'item' in value
}

/** The documents about the object at a place, or at the cursor. */
function documentsAt(
  client: BaseLanguageClient,
  place: DocumentPlace | undefined,
): Promise<ObjectDocumentsResult> {
  const at = place ?? cursorOf(client)
  if (!at) return Promise.resolve(null)
  const params: ObjectDocumentsParams = {
    textDocument: { uri: at.uri },
    position: at.position,
  }
  return client.sendRequest<ObjectDocumentsResult>(OBJECT_DOCUMENTS_REQUEST, params)
}

function cursorOf(client: BaseLanguageClient): DocumentPlace | undefined {
  const editor = window.activeTextEditor
  if (!editor) return undefined
  const { line, character } = editor.selection.active
  return {
    uri: client.code2ProtocolConverter.asUri(editor.document.uri),
    position: { line, character },
  }
}
