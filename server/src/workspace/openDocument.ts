import { SplitText } from '@istio-ambient-policy/shared'
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'

/**
 * An open document of an editor. It is split into its YAML documents, so that a keystroke processes only one of
 * them.
 */
export class OpenDocument {
  /** As the client writes it. */
  readonly uri: string
  version: number
  split: SplitText

  constructor(uri: string, version: number, text: string) {
    this.uri = uri
    this.version = version
    this.split = SplitText.of(text)
  }

  /** Applies the changes of one notification in their order. */
  update(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    for (const change of changes)
      this.split = 'range' in change ? changeLines(this.split, change) : SplitText.of(change.text)
    this.version = version
  }
}

/** Creates and changes documents for `TextDocuments`. */
export const OPEN_DOCUMENTS = {
  create: (uri: string, _language: string, version: number, text: string): OpenDocument =>
    new OpenDocument(uri, version, text),
  update: (
    document: OpenDocument,
    changes: TextDocumentContentChangeEvent[],
    version: number,
  ): OpenDocument => {
    document.update(changes, version)
    return document
  },
}

/** Applies a change with the library, to the changed part of the text only. */
function changeLines(
  split: SplitText,
  { range, text }: Extract<TextDocumentContentChangeEvent, { range: unknown }>,
): SplitText {
  const lines = [range.start.line, range.end.line]
  return split.withLines(Math.min(...lines), Math.max(...lines), (part, first) => {
    const [start, end] = [range.start, range.end].map(({ line, character }) => ({
      line: line - first,
      character,
    }))
    return start && end
      ? TextDocument.update(
          TextDocument.create('', '', 0, part),
          [{ range: { start, end }, text }],
          0,
        ).getText()
      : part
  })
}
