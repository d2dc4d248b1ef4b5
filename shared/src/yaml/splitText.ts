import { splitDocuments, splitFrom, type DocumentSlice } from './splitDocuments.js'

/**
 * The text of a file as a list of its documents. A change of some lines splits only the documents
 * around them again, such as three of ten thousand. Immutable.
 */
export class SplitText {
  /** The result of `splitDocuments` for the whole text. */
  readonly documents: readonly DocumentSlice[]
  /** UTF-16 units of the whole text. */
  readonly length: number
  /** The text before the first document: empty, or a byte order mark. */
  readonly #head: string
  #text: string | undefined

  private constructor(documents: readonly DocumentSlice[], head: string, text?: string) {
    const last = documents[documents.length - 1]
    this.documents = documents
    this.length = last ? last.start + last.text.length : head.length
    this.#head = head
    this.#text = text
  }

  static of(text: string): SplitText {
    const documents = splitDocuments(text)
    return new SplitText(documents, headOf(text, documents), text)
  }

  /** The whole text, joined on request. */
  get text(): string {
    return (this.#text ??= this.#head + textOf(this.documents))
  }

  /**
   * The text with some lines replaced.
   *
   * @param first the first line that may differ, zero-based; past the end, the last line.
   * @param last the last line that may differ.
   * @param change gets a part of the text that contains these lines, and its first line; returns
   * the text that replaces it.
   */
  withLines(
    first: number,
    last: number,
    change: (part: string, line: number) => string,
  ): SplitText {
    const { documents } = this
    // Text before the marker of a document makes it part of the document before.
    const from = Math.max(0, indexOfLine(documents, first) - 1)
    const behind = indexOfLine(documents, last) + 1
    const begin =
      from === 0
        ? { head: this.#head, start: 0, line: 0 }
        : { head: '', start: documents[from]?.start ?? 0, line: documents[from]?.line ?? 0 }
    const changed = change(begin.head + textOf(documents.slice(from, behind)), begin.line)
    // The text of a document decides where it ends: after an unchanged document everything is unchanged.
    for (let next = behind; ; next++) {
      const part = changed + textOf(documents.slice(behind, next + 1))
      const pieces = from === 0 ? splitDocuments(part) : splitFrom(part, 0)
      const [before, now] = [documents[next], pieces[pieces.length - 1]]
      if (before && before.text !== now?.text) continue
      const kept = documents.slice(0, from)
      const moved = pieces.map((piece) => shifted(piece, begin))
      const rest =
        before && now
          ? documents.slice(next + 1).map((piece) =>
              shifted(piece, {
                start: begin.start + now.start - before.start,
                line: begin.line + now.line - before.line,
              }),
            )
          : []
      return new SplitText(
        [...kept, ...moved, ...rest],
        from === 0 ? headOf(part, pieces) : this.#head,
      )
    }
  }
}

/** The text of a file, which may be split already. */
export type FileText = string | SplitText

export function splitOf(text: FileText): SplitText {
  return typeof text === 'string' ? SplitText.of(text) : text
}

export function wholeOf(text: FileText): string {
  return typeof text === 'string' ? text : text.text
}

function headOf(text: string, documents: readonly DocumentSlice[]): string {
  return text.slice(0, documents[0]?.start ?? text.length)
}

function textOf(documents: readonly DocumentSlice[]): string {
  return documents.map(({ text }) => text).join('')
}

/** The index of the document of a line; 0 if there is none. */
function indexOfLine(documents: readonly DocumentSlice[], line: number): number {
  let [low, high] = [0, documents.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((documents[middle]?.line ?? 0) <= line) low = middle
    else high = middle
  }
  return low
}

function shifted(
  slice: DocumentSlice,
  by: { readonly start: number; readonly line: number },
): DocumentSlice {
  return by.start === 0 && by.line === 0
    ? slice
    : { text: slice.text, start: slice.start + by.start, line: slice.line + by.line }
}
