import { addToGroup } from '@istio-ambient-policy/shared'
import { templateLines } from './templateLines.js'

/** A line of a chart template. Zero-based. */
export interface TemplatePlace {
  /** Relative to the folder of the chart. */
  readonly template: string
  readonly line: number
}

/** The marks of one chart. The nonce keeps a chart from writing marks of its own. */
export class TemplateMarks {
  readonly #nonce: string
  readonly #templates: string[] = []
  /** Lines with output but without a mark, by template. */
  readonly #unmarked = new Map<string, ReadonlySet<number>>()

  constructor(nonce: string) {
    this.#nonce = nonce
  }

  /** Adds a comment with its place to each line of a template that can have one. */
  mark(template: string, text: string): string {
    const id = this.#templates.push(template) - 1
    const lines = templateLines(text)
    const unmarked = new Set<number>()
    this.#unmarked.set(template, unmarked)
    // A mark at the end of an action of several lines is for the line where the action starts.
    let first = 0
    return lines
      .map((line, at) => {
        if (!line.continues) first = at
        if (line.writes && !line.takesComment) unmarked.add(first)
        if (!line.takesComment) return `${line.text}${line.end}`
        unmarked.delete(first)
        return `${line.text} #@${this.#nonce}:${id}:${first}@${line.end}`
      })
      .join('')
  }

  /**
   * The place of each line of the output of Helm; undefined for a line whose place is not known.
   *
   * @param marked the output for the marked templates.
   */
  placesOf(output: string, marked: string): readonly (TemplatePlace | undefined)[] {
    const places: (TemplatePlace | undefined)[] = linesOf(output).map(() => undefined)
    const bySource = groupBySource(documentsOf(marked, (line) => this.#without(line)))
    for (const [source, documents] of groupBySource(documentsOf(output))) {
      const twins = bySource.get(source) ?? []
      if (twins.length !== documents.length) continue
      for (const [index, { start, lines }] of documents.entries()) {
        const twin = twins[index]?.lines ?? []
        const unmarked = twin.map((line) => this.#without(line))
        if (isSameDocument(lines, unmarked))
          for (const [at, place] of this.#placesIn(twin).entries()) places[start + at] = place
      }
    }
    return places
  }

  #without(line: string): string {
    return line.replace(this.#pattern(), '')
  }

  #pattern(): RegExp {
    return new RegExp(` #@${this.#nonce}:(\\d+):(\\d+)@`, 'g')
  }

  /** A mark is at the end of what its template line writes, so a line without one belongs to the next mark. */
  #placesIn(lines: readonly string[]): (TemplatePlace | undefined)[] {
    const marks = lines.map((line) => this.#markOf(line))
    let before: TemplatePlace | undefined
    return marks.map((mark, at) => {
      if (mark) {
        before = mark
        return mark
      }
      const next = marks.slice(at + 1).find((other) => other !== undefined)
      return next && this.#isSure(before, next) ? next : undefined
    })
  }

  #markOf(line: string): TemplatePlace | undefined {
    const [, id, at] = this.#pattern().exec(line) ?? []
    const template = id === undefined ? undefined : this.#templates[Number(id)]
    return template === undefined ? undefined : { template, line: Number(at) }
  }

  /** Whether no line without a mark can have written what is before a mark. */
  #isSure(before: TemplatePlace | undefined, next: TemplatePlace): boolean {
    const from = before?.template === next.template && before.line < next.line ? before.line : -1
    const unmarked = this.#unmarked.get(next.template) ?? new Set<number>()
    return ![...unmarked].some((line) => line > from && line < next.line)
  }
}

interface OutputDocument {
  readonly source: string
  /** Zero-based line of its first line after the comment. */
  readonly start: number
  readonly lines: readonly string[]
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/)
}

/** The documents with content. Blank lines at their start and end are left out. */
function documentsOf(
  output: string,
  withoutMark: (line: string) => string = (line) => line,
): OutputDocument[] {
  const lines = linesOf(output)
  const isBlank = (line: string | undefined): boolean =>
    line !== undefined && withoutMark(line).trim() === ''
  const starts = lines.flatMap((line, at) =>
    line === '---' && lines[at + 1]?.startsWith('# Source: ') === true ? [at] : [],
  )
  return starts.flatMap((at, index) => {
    let start = at + 2
    let end = starts[index + 1] ?? lines.length
    while (start < end && isBlank(lines[start])) start++
    while (end > start && isBlank(lines[end - 1])) end--
    const content = lines.slice(start, end)
    return content.every((line) => withoutMark(line).trimStart().startsWith('#'))
      ? []
      : [{ source: lines[at + 1] ?? '', start, lines: content }]
  })
}

function groupBySource(
  documents: readonly OutputDocument[],
): ReadonlyMap<string, readonly OutputDocument[]> {
  const groups = new Map<string, OutputDocument[]>()
  for (const document of documents) addToGroup(groups, document.source, document)
  return groups
}

const IDENTITY = /^\s*(?:kind|apiVersion|name|namespace|generateName):/
const KEY = /^[^:]*:/

/** Whether two documents are one object with the same lines. Values that change at random may differ. */
function isSameDocument(lines: readonly string[], twin: readonly string[]): boolean {
  return (
    lines.length === twin.length &&
    lines.every((line, at) => {
      const other = twin[at] ?? ''
      return IDENTITY.test(line)
        ? line === other
        : KEY.exec(line)?.[0].trim() === KEY.exec(other)?.[0].trim()
    })
  )
}
