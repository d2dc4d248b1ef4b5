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

/** Work that is counted: about one unit for each character that is compared. It stops when nothing is left. */
export interface CountedWork {
  left: number
}

/** What a comparison costs apart from its characters. */
const COMPARISON = 20
const SEPARATOR = /^---(?:\s|$)/
const LOOP = /\{\{-?\s*range\b/

/**
 * The lines of a template that wrote lines of rendered text, without rendering. A line is known if only one line of the
 * template can have written it, between the known lines around it.
 *
 * @param documents the documents in the rendered text that are from this template.
 * @param work is reduced. Without any left, no more lines are found.
 * @returns zero-based lines of the template by lines of the rendered text.
 */
export function literalLines(
  rendered: readonly string[],
  documents: readonly LineSpan[],
  template: string,
  work: CountedWork,
): ReadonlyMap<number, number> {
  const writers = writersOf(template)
  const segments = segmentsOf(template)
  const result = new Map<number, number>()
  for (const document of documents) {
    if (work.left <= 0) break
    const lines = linesIn(document).filter((line) => isContent(rendered[line]))
    const anywhere = new DocumentLines(rendered, { order: 'any', work }).find(lines, writers)
    const [segment, ...others] = new Set(anywhere.map(({ writer }) => segments[writer.line]))
    // A document of several documents of the template is from an included text.
    if (!segment || others.length > 0) continue
    const within = writers.filter(({ line }) => segments[line] === segment)
    const order = segment.hasLoop ? 'any' : 'template'
    for (const { line, writer } of new DocumentLines(rendered, { order, work }).find(lines, within))
      result.set(line, writer.line)
  }
  return result
}

/** Finds the writers of the lines of one document. */
class DocumentLines {
  readonly #rendered: readonly string[]
  readonly #order: 'any' | 'template'
  readonly #work: CountedWork
  readonly #found = new Map<number, Writer>()
  /** The blocks that have written a line. Undefined until all lines with one possible writer are found. */
  #executed: ReadonlySet<number> | undefined

  /** @param options.order whether the lines have the order of the template. After a loop, they have not. */
  constructor(
    rendered: readonly string[],
    { order, work }: { readonly order: 'any' | 'template'; readonly work: CountedWork },
  ) {
    this.#rendered = rendered
    this.#order = order
    this.#work = work
  }

  find(lines: readonly number[], writers: readonly Writer[]): KnownLine[] {
    this.#findBetween(lines, writers)
    for (let before = -1; this.#found.size > before && this.#work.left > 0;) {
      before = this.#found.size
      const executed = [...this.#found.values()].flatMap(({ blocks }) => blocks)
      this.#work.left -= executed.length
      this.#executed = new Set(executed)
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
    // The position of each known line is searched.
    this.#work.left -= known.length * (lines.length + writers.length)
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
      if (inner.length < writers.length && this.#work.left > 0) this.#findBetween(between, inner)
    }
  }

  #addSure(lines: readonly number[], writers: readonly Writer[]): void {
    const literals = new Map<string, Writer[]>()
    const others: Writer[] = []
    for (const writer of writers)
      if (writer.literal === undefined) others.push(writer)
      else addToGroup(literals, writer.literal, writer)
    this.#work.left -= (lines.length + writers.length) * COMPARISON
    for (const line of lines) {
      if (this.#found.has(line)) continue
      const text = this.#rendered[line] ?? ''
      this.#work.left -= others.length * (text.length + COMPARISON)
      if (this.#work.left <= 0) return
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
    this.#work.left -= able.length * (text.length + COMPARISON)
    const [writer, ...others] = able.filter(
      (candidate) =>
        candidate.matches(text) && candidate.blocks.every((block) => executed.has(block)),
    )
    if (!writer || others.length > 0) return undefined
    this.#work.left -= lines.reduce((sum, line) => sum + (this.#rendered[line] ?? '').length, 0)
    const [, ...more] = lines.filter((line) => writer.matches(this.#rendered[line] ?? ''))
    return more.length === 0 ? writer : undefined
  }
}

function isNotBefore(writer: Writer, other: Writer): boolean {
  return writer.line > other.line || (writer.line === other.line && writer.literal === undefined)
}

/** A document of a template. */
interface Segment {
  hasLoop: boolean
}

/** For each line of a template, its document. */
function segmentsOf(template: string): Segment[] {
  let segment: Segment = { hasLoop: false }
  return template.split(/\r\n|\n|\r/).map((text) => {
    if (SEPARATOR.test(text)) segment = { hasLoop: false }
    if (LOOP.test(text)) segment.hasLoop = true
    return segment
  })
}

function isContent(text: string | undefined): boolean {
  return text !== undefined && !/^\s*(?:#|$)/.test(text)
}

function linesIn({ start, end }: LineSpan): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)
}
