import { editDocument } from '../yaml/edit/editDocument.js'
import type { Operation } from '../yaml/edit/operation.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'

/** The text of a document after an operation. Undefined if it cannot be edited safely. */
export function editText(text: string, operation: Operation): string | undefined {
  const edits = editDocument(text, operation)
  return edits && applyTextEdits(text, edits)
}
