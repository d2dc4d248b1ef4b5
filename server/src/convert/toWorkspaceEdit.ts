import { lineStartsOf, rangeOf, type FileEdit } from '@istio-ambient-policy/shared'
import type { CreateFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver'

export interface WorkspaceEditContext {
  readonly changeAnnotations: boolean
  readonly documentChanges: boolean
  uriOf(file: string): string
  versionOf(file: string): number | undefined
  /** The text that the edits were made for. */
  textOf(file: string): string | undefined
}

const ANNOTATION = 'several-files'

/** Edits of files as the client applies them. Edits of several files ask for a confirmation where the client can ask. */
export function toWorkspaceEdit(
  title: string,
  files: readonly FileEdit[],
  context: WorkspaceEditContext,
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
  const annotated = files.length > 1 && context.changeAnnotations
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
            description: `Changes ${files.length} files.`,
            needsConfirmation: true,
          },
        },
      }
    : { documentChanges }
}
