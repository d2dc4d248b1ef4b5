/** A `# Source:` comment, with which Helm names the template of a rendered document. */
export interface SourceComment {
  /** The path of the template, which starts with the name of the chart: `shop/templates/policy.yaml`. */
  readonly template: string
  /** Zero-based line of the comment. */
  readonly line: number
}

const SOURCE = /^# Source: (.+)$/
const DOCUMENT_START = /^---(?:[ \t]|$)/

/**
 * The template of each line of a text, by the last `# Source:` comment above it. The comment is the first line of its
 * document and counts for this document only. A path that is absolute or that leaves its chart is ignored.
 */
export class SourceComments {
  readonly #comments: readonly { readonly start: number; readonly comment?: SourceComment }[]

  constructor(text: string) {
    this.#comments = text.includes('# Source: ') ? readComments(text) : []
  }

  /** Whether a document names its template. */
  get isEmpty(): boolean {
    return !this.#comments.some(({ comment }) => comment !== undefined)
  }

  /** The comment of the document that contains a line. */
  at(line: number): SourceComment | undefined {
    return this.#comments.findLast(({ start }) => start <= line)?.comment
  }

  /**
   * The lines of the documents of a template, without their comments.
   *
   * @param end the number of lines of the text.
   */
  documentsOf(
    template: string,
    end: number,
  ): readonly { readonly start: number; readonly end: number }[] {
    return this.#comments.flatMap(({ comment }, index) =>
      comment?.template === template
        ? [{ start: comment.line + 1, end: this.#comments[index + 1]?.start ?? end }]
        : [],
    )
  }
}

function readComments(text: string): { start: number; comment?: SourceComment }[] {
  const lines = text.split(/\r\n|\n|\r/)
  const starts = lines.flatMap((line, index) => (DOCUMENT_START.test(line) ? [index] : []))
  return [-1, ...starts].map((start) => {
    const line = start + 1
    const template = SOURCE.exec(lines[line] ?? '')?.[1]?.trimEnd()
    return template !== undefined && isInChart(template)
      ? { start, comment: { template, line } }
      : { start }
  })
}

/** Whether a path is a file below the folder `templates` or `crds` of a chart. */
function isInChart(path: string): boolean {
  const parts = path.split('/')
  return (
    !/[\\:\p{Cc}]/u.test(path) &&
    !parts.some((part) => part === '' || part === '.' || part === '..') &&
    parts.slice(1, -1).some((part) => part === 'templates' || part === 'crds')
  )
}
