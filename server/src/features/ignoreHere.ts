import {
  lineStartsOf,
  REASON_PLACEHOLDER,
  type FileEdit,
  type Range,
} from '@istio-ambient-policy/shared'
import type { WorkspaceEdit } from 'vscode-languageserver'
import { toWorkspaceEdit, type WorkspaceEditContext } from '../convert/toWorkspaceEdit.js'

/**
 * Adds an ignore comment above a finding. It has no effect until the user has written the reason: where the client
 * supports it, the word for the reason is selected. Undefined for JSON, which has no comments.
 */
export function ignoreHere(
  { file, text }: { readonly file: string; readonly text: string },
  { rule, range, title }: { readonly rule: string; readonly range: Range; readonly title: string },
  context: WorkspaceEditContext & { readonly snippetEdits: boolean },
): WorkspaceEdit | undefined {
  if (file.toLowerCase().endsWith('.json')) return undefined
  const offset = lineStartsOf(text).at(range.start.line)
  if (offset === undefined) return undefined
  const [indent = ''] = /^[ \t]*/.exec(text.slice(offset)) ?? []
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const comment = `${indent}# ambient-policy-ignore ${rule} -- `
  if (context.snippetEdits && context.documentChanges) {
    const start = { line: range.start.line, character: 0 }
    const snippet = `${comment}\${1:${REASON_PLACEHOLDER}}${newline}`
    return {
      documentChanges: [
        {
          textDocument: { uri: context.uriOf(file), version: context.versionOf(file) ?? null },
          edits: [{ range: { start, end: start }, snippet: { kind: 'snippet', value: snippet } }],
        },
      ],
    }
  }
  const edit: FileEdit = {
    file,
    edits: [
      {
        span: { start: offset, end: offset },
        newText: `${comment}${REASON_PLACEHOLDER}${newline}`,
      },
    ],
  }
  return toWorkspaceEdit(title, [edit], context)
}
