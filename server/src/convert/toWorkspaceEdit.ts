import { lineStartsOf, rangeOf, type FileEdit } from '@istio-ambient-policy/shared'
import type { CreateFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver'

export interface WorkspaceEditContext {
  readonly changeAnnotations: boolean
  readonly documentChanges: boolean
  uriOf(file: string): string
  versionOf(file: string): number | undefined
  /** The current text of a file. */
  textOf(file: string): string | undefined
}

const ANNOTATION = 'fix'

/**
 * Converts edits of files. If they change several files, the client asks for a confirmation, if it can.
 *
 * @param effect what the edits do, for the client to show.
 */
export function toWorkspaceEdit(
  title: string,
  files: readonly FileEdit[],
  context: WorkspaceEditContext,
  effect?: string,
): WorkspaceEdit {
  const converted = files.map(({ file, edits, isNew }) => {
    const lineStarts = lineStartsOf(context.textOf(file) ?? '')
    return {
      file,
      isNew: isNew === true,
      uri: context.uriOf(file),
      edits: edits.map(({ span, newText }): TextEdit => ({
        range: rangeOf(lineStarts, span),
        newText,
      })),
    }
  })
  if (!context.documentChanges)
    return { changes: Object.fromEntries(converted.map(({ uri, edits }) => [uri, edits])) }
  const reasons = [
    ...(effect === undefined ? [] : [effect]),
    ...(files.length > 1 ? [`Changes ${files.length} files.`] : []),
  ]
  const annotated = reasons.length > 0 && context.changeAnnotations
  const documentChanges = converted.flatMap(
    ({ file, uri, edits, isNew }): (CreateFile | TextDocumentEdit)[] => {
      const change = {
        textDocument: { uri, version: context.versionOf(file) ?? null },
        edits: annotated ? edits.map((edit) => ({ ...edit, annotationId: ANNOTATION })) : edits,
      }
      return isNew ? [{ kind: 'create', uri, options: { ignoreIfExists: true } }, change] : [change]
    },
  )
  return annotated
    ? {
        documentChanges,
        changeAnnotations: {
          [ANNOTATION]: {
            label: title,
            description: reasons.join(' '),
            needsConfirmation: files.length > 1,
          },
        },
      }
    : { documentChanges }
}
