import type { Span } from '../../text/lineIndex.js'

/** Replaces a span of a text. An empty span inserts. */
export interface TextEdit {
  readonly span: Span
  readonly newText: string
}

/** The text with all edits applied. Edits are relative to the given text and must not overlap. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  let edited = ''
  let at = 0
  for (const { span, newText } of sortEdits(edits)) {
    edited += text.slice(at, span.start) + newText
    at = span.end
  }
  return edited + text.slice(at)
}

/** Edits in the order of the text. */
export function sortEdits(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
}

type Piece = { readonly kept: Span } | { readonly text: string }

/** A text that is edited in steps. All steps together are one list of edits of the original. */
export class EditedText {
  readonly #original: string
  #pieces: readonly Piece[]
  text: string

  constructor(original: string) {
    this.#original = original
    this.#pieces = [{ kept: { start: 0, end: original.length } }]
    this.text = original
  }

  /** Applies edits that are relative to the present text. */
  apply(edits: readonly TextEdit[]): void {
    for (const { span, newText } of sortEdits(edits).reverse()) {
      this.#pieces = [
        ...this.#cut(0, span.start),
        { text: newText },
        ...this.#cut(span.end, this.text.length),
      ]
      this.text = this.text.slice(0, span.start) + newText + this.text.slice(span.end)
    }
  }

  /**
   * All edits so far, relative to the original: in order, without overlaps, without those that
   * change nothing.
   */
  edits(): TextEdit[] {
    const edits: TextEdit[] = []
    let at = 0
    let newText = ''
    const close = (end: number): void => {
      if (this.#original.slice(at, end) !== newText)
        edits.push({ span: { start: at, end }, newText })
      newText = ''
    }
    for (const piece of this.#pieces) {
      if ('text' in piece) {
        newText += piece.text
      } else if (piece.kept.end > piece.kept.start) {
        close(piece.kept.start)
        at = piece.kept.end
      }
    }
    close(this.#original.length)
    return edits
  }

  /** The pieces of the present text from `from` to `to`. */
  #cut(from: number, to: number): Piece[] {
    const pieces: Piece[] = []
    let at = 0
    for (const piece of this.#pieces) {
      const length = 'text' in piece ? piece.text.length : piece.kept.end - piece.kept.start
      const start = Math.max(from - at, 0)
      const end = Math.min(to - at, length)
      if (start < end)
        pieces.push(
          'text' in piece
            ? { text: piece.text.slice(start, end) }
            : { kept: { start: piece.kept.start + start, end: piece.kept.start + end } },
        )
      at += length
    }
    return pieces
  }
}
