import { addToGroup } from '@istio-ambient-policy/shared'
import { writersOf, type Writer } from '../helm/templateWriters.js'

/** Lines from `start` up to and without `end`. Zero-based. */
export interface LineSpan {
  readonly start: number
  readonly end: number
}

interface KnownLine {
  readonly line: number
  readonly writer: Writer
}

const SEPARATOR = /^---(?:\s|$)/
const LOOP = /\{\{-?\s*range\b/

/**
 * The lines of a template that wrote lines of rendered text, without rendering. A line is known if only one line of the
 * template can have written it, between the known lines around it.
 *
 * @param documents the documents in the rendered text that are from this template.
 * @returns zero-based lines of the template by lines of the rendered text.
 */
export function literalLines(
  rendered: readonly string[],
  documents: readonly LineSpan[],
  template: string,
): ReadonlyMap<number, number> {
  const writers = writersOf(template)
  const segments = segmentsOf(template)
  const result = new Map<number, number>()
  for (const document of documents) {
    const lines = linesIn(document).filter((line) => isContent(rendered[line]))
    const anywhere = new DocumentLines(rendered, 'any').find(lines, writers)
    const [segment, ...others] = segments.filter((span) =>
      anywhere.some(({ writer }) => isIn(span, writer.line)),
    )
    // A document of several documents of the template is from an included text.
    if (!segment || others.length > 0) continue
    const within = writers.filter(({ line }) => isIn(segment, line))
    const order = segment.hasLoop ? 'any' : 'template'
    for (const { line, writer } of new DocumentLines(rendered, order).find(lines, within))
      result.set(line, writer.line)
  }
  return result
}

/** Finds the writers of the lines of one document. */
class DocumentLines {
  readonly #rendered: readonly string[]
  readonly #order: 'any' | 'template'
  readonly #found = new Map<number, Writer>()
  /** The blocks that have written a line. Undefined until all lines with one possible writer are found. */
  #executed: ReadonlySet<number> | undefined

  /** @param order whether the lines have the order of the template. After a loop, they have not. */
  constructor(rendered: readonly string[], order: 'any' | 'template') {
    this.#rendered = rendered
    this.#order = order
  }

  find(lines: readonly number[], writers: readonly Writer[]): KnownLine[] {
    this.#findBetween(lines, writers)
    for (let before = -1; this.#found.size > before;) {
      before = this.#found.size
      this.#executed = new Set([...this.#found.values()].flatMap(({ blocks }) => blocks))
      this.#findBetween(lines, writers)
    }
    return this.#knownOf(lines)
  }

  #knownOf(lines: readonly number[]): KnownLine[] {
    return lines.flatMap((line) => {
      const writer = this.#found.get(line)
      return writer ? [{ line, writer }] : []
    })
  }

  #findBetween(lines: readonly number[], writers: readonly Writer[]): void {
    this.#addSure(lines, writers)
    const known = this.#knownOf(lines)
    if (this.#order === 'any' || known.length === 0) return
    const isSorted = known.every(
      ({ writer }, at) => writer.line >= (known[at - 1]?.writer.line ?? 0),
    )
    if (!isSorted) return
    const first = lines[0] ?? 0
    for (const [at, next] of [...known, undefined].entries()) {
      const previous = known[at - 1]
      if (next && next.line === (previous ? previous.line + 1 : first)) continue
      const between = lines.slice(
        previous ? lines.indexOf(previous.line) + 1 : 0,
        next ? lines.indexOf(next.line) : undefined,
      )
      if (between.length === 0) continue
      // An action can write more lines than the known one.
      const inner = writers.filter(
        (writer) =>
          (!previous || isNotBefore(writer, previous.writer)) &&
          (!next || isNotBefore(next.writer, writer)),
      )
      if (inner.length < writers.length) this.#findBetween(between, inner)
    }
  }

  #addSure(lines: readonly number[], writers: readonly Writer[]): void {
    const literals = new Map<string, Writer[]>()
    const others: Writer[] = []
    for (const writer of writers)
      if (writer.literal === undefined) others.push(writer)
      else addToGroup(literals, writer.literal, writer)
    for (const line of lines) {
      if (this.#found.has(line)) continue
      const text = this.#rendered[line] ?? ''
      const able = [
        ...(literals.get(text.trimEnd()) ?? []),
        ...others.filter((writer) => writer.mayWrite(text)),
      ]
      const writer = able.length === 1 ? able[0] : this.#executedWriter(text, lines, able)
      if (writer) this.#found.set(line, writer)
    }
  }

  /** The writer that certainly wrote such a line, if there is only one such writer and one such line. */
  #executedWriter(
    text: string,
    lines: readonly number[],
    able: readonly Writer[],
  ): Writer | undefined {
    const executed = this.#executed
    if (!executed) return undefined
    const [writer, ...others] = able.filter(
      (candidate) =>
        candidate.matches(text) && candidate.blocks.every((block) => executed.has(block)),
    )
    if (!writer || others.length > 0) return undefined
    const [, ...more] = lines.filter((line) => writer.matches(this.#rendered[line] ?? ''))
    return more.length === 0 ? writer : undefined
  }
}

function isNotBefore(writer: Writer, other: Writer): boolean {
  return writer.line > other.line || (writer.line === other.line && writer.literal === undefined)
}

function segmentsOf(template: string): (LineSpan & { readonly hasLoop: boolean })[] {
  const lines = template.split(/\r\n|\n|\r/)
  const starts = lines.flatMap((text, line) => (SEPARATOR.test(text) ? [line] : []))
  return [-1, ...starts].map((before, index) => {
    const span = { start: before + 1, end: starts[index] ?? lines.length }
    return { ...span, hasLoop: linesIn(span).some((line) => LOOP.test(lines[line] ?? '')) }
  })
}

function isContent(text: string | undefined): boolean {
  return text !== undefined && !/^\s*(?:#|$)/.test(text)
}

function isIn({ start, end }: LineSpan, line: number): boolean {
  return start <= line && line < end
}

function linesIn({ start, end }: LineSpan): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)
}
