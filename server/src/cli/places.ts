import {
  getOrInsert,
  isInside,
  type SourceComment,
  SourceComments,
  type Range,
} from '@istio-ambient-policy/shared'
import { HostError } from '../host.js'
import type { RenderedChart } from './charts.js'
import { linesOf } from './format/excerpt.js'
import type { CliIo } from './io.js'
import { literalLines, type CountedWork } from './literalLines.js'
import { displayPath, STDIN } from './paths.js'

/** A place as the reports show it. */
export interface ReportedPlace {
  /** Relative to the working directory. */
  readonly file: string
  readonly range: Range
  /** Only if a tool rendered the text that contains the place, and `file` is the template. */
  readonly rendered?: RenderedPlace
}

/** The place in the rendered text. */
export interface RenderedPlace {
  readonly file: string
  readonly range: Range
  /** Whether the range of the report is in the template. If not, it is the range in the rendered text. */
  readonly lineKnown: boolean
}

export type PlaceOf = (file: string, range: Range) => ReportedPlace

interface PlacesInput {
  readonly io: CliIo
  readonly charts: readonly RenderedChart[]
  textOf(file: string): string | undefined
  /** Whether a file contains a `# Source:` comment. */
  mayNameSource(file: string): boolean
  /** The folders of charts that are among the files. */
  chartFolders(): readonly string[]
  /** Templates are looked for in these folders only. */
  readonly roots: readonly string[]
}

/** Finds the templates of rendered text: of standard input and of files with `# Source:` comments, and of charts. */
export class TemplatePlaces {
  readonly #input: PlacesInput
  readonly #texts = new Map<string, RenderedText>()
  readonly #templateFiles = new Map<string, string | undefined>()
  readonly #readable = new Map<string, boolean>()
  /** The folders of charts by the names of the charts. Listed with the first place: all files are read by then. */
  #folders: ReadonlyMap<string, readonly string[]> | undefined
  readonly #realPaths = new Map<string, string | undefined>()
  readonly #templates = new Map<string, readonly string[] | undefined>()
  /** The charts of a folder need far less. */
  readonly #work: CountedWork = { left: 100_000_000 }

  constructor(input: PlacesInput) {
    this.#input = input
  }

  of(file: string, range: Range): ReportedPlace {
    const { io } = this.#input
    const shown = { file: displayPath(io.cwd, file), range }
    if (!this.#input.mayNameSource(file)) return shown
    const text = this.#textOf(file)
    const { line } = range.start
    const comment = text.comments.at(line)
    if (!comment) return shown
    const template = this.#templateOf(comment.template, text.chart)
    // A file in the repository is a place of its own if its template is not there.
    if (template === undefined && !text.chart && file !== STDIN) return shown
    const at =
      (text.chart && this.#markedLine(text.chart, line)) ??
      (template === undefined ? undefined : this.#literalLine(text, { comment, line, template }))
    const source = at?.file ?? template
    const sourceLines = source === undefined ? undefined : this.#templateLines(source)
    const templateLine = at && sourceLines?.[at.line]
    return {
      file: source === undefined ? comment.template : displayPath(io.cwd, source),
      range:
        at && templateLine !== undefined
          ? rangeIn(templateLine, at.line, { range, line: text.lines[line] ?? '' })
          : range,
      rendered: { ...shown, lineKnown: templateLine !== undefined },
    }
  }

  #textOf(file: string): RenderedText {
    const known = this.#texts.get(file)
    if (known) return known
    const content = this.#input.textOf(file) ?? ''
    const comments = new SourceComments(content)
    const text = {
      comments,
      lines: comments.isEmpty ? [] : linesOf(content),
      literal: new Map<string, ReadonlyMap<number, number>>(),
      chart: this.#input.charts.find((chart) => chart.file === file),
    }
    this.#texts.set(file, text)
    return text
  }

  #markedLine(chart: RenderedChart, line: number): TemplatePosition | undefined {
    const place = chart.output.places[line]
    return place && { file: `${chart.folder}/${place.template}`, line: place.line }
  }

  #literalLine(
    { comments, lines, literal }: RenderedText,
    at: { readonly comment: SourceComment; readonly line: number; readonly template: string },
  ): TemplatePosition | undefined {
    const { template: source } = at.comment
    let known = literal.get(source)
    if (!known) {
      const template = this.#input.textOf(at.template) ?? ''
      known = literalLines(lines, comments.documentsOf(source, lines.length), template, this.#work)
      literal.set(source, known)
    }
    const line = known.get(at.line)
    return line === undefined ? undefined : { line }
  }

  /** The file of a template: in its rendered chart, or in a chart of this name that is among the files. */
  #templateOf(source: string, chart: RenderedChart | undefined): string | undefined {
    const key = `${chart?.folder ?? ''}\0${source}`
    if (!this.#templateFiles.has(key))
      this.#templateFiles.set(key, this.#findTemplate(source, chart))
    return this.#templateFiles.get(key)
  }

  #chartFolders(name: string): readonly string[] {
    if (!this.#folders) {
      const folders = new Map<string, string[]>()
      for (const folder of this.#input.chartFolders()) {
        const chart = this.#chartName(folder)
        if (chart !== undefined) getOrInsert(folders, chart, (): string[] => []).push(folder)
      }
      this.#folders = folders
    }
    return this.#folders.get(name) ?? []
  }

  #findTemplate(source: string, chart: RenderedChart | undefined): string | undefined {
    const name = source.slice(0, source.indexOf('/'))
    const rest = source.slice(name.length + 1)
    const { io, roots } = this.#input
    if (chart) return `${chart.folder}/${rest}`
    const ofCharts = this.#chartFolders(name)
    const folders = [
      ...ofCharts.filter((folder) => folder.endsWith(`/${name}`)),
      ...['', 'charts/', 'chart/'].map((above) => `${io.cwd}/${above}${name}`),
      ...ofCharts,
      io.cwd,
    ]
    return folders
      .map((folder) => ({ folder, file: `${folder}/${rest}` }))
      .find(
        ({ folder, file }) =>
          this.#isReadable(folder) &&
          this.#chartName(folder) === name &&
          roots.some((root) => this.#isIn(file, root)),
      )?.file
  }

  #chartName(folder: string): string | undefined {
    const chart = this.#templateLines(`${folder}/Chart.yaml`) ?? []
    return chart.flatMap((line) => /^name:\s*["']?([\w.-]+)/.exec(line)?.[1] ?? [])[0]
  }

  /** Whether a folder exists below the folders in which templates are looked for. */
  #isReadable(folder: string): boolean {
    const known = this.#readable.get(folder)
    if (known !== undefined) return known
    const isReadable = this.#input.roots.some((root) => this.#isIn(folder, root))
    this.#readable.set(folder, isReadable)
    return isReadable
  }

  #isIn(file: string, root: string): boolean {
    const [real, realRoot] = [file, root].map((path) => this.#realPath(path))
    return real !== undefined && realRoot !== undefined && isInside(real, realRoot)
  }

  /** Undefined if the path does not exist. */
  #realPath(path: string): string | undefined {
    if (!this.#realPaths.has(path)) this.#realPaths.set(path, this.#readRealPath(path))
    return this.#realPaths.get(path)
  }

  #readRealPath(path: string): string | undefined {
    try {
      return this.#input.io.host.realPath(path)
    } catch (error) {
      if (error instanceof HostError) return undefined
      throw error
    }
  }

  #templateLines(file: string): readonly string[] | undefined {
    if (!this.#templates.has(file)) {
      const text = this.#input.textOf(file)
      this.#templates.set(file, text === undefined ? undefined : linesOf(text))
    }
    return this.#templates.get(file)
  }
}

interface RenderedText {
  readonly comments: SourceComments
  readonly lines: readonly string[]
  /** The known template lines of the text, by `# Source:` comment. */
  readonly literal: Map<string, ReadonlyMap<number, number>>
  readonly chart: RenderedChart | undefined
}

interface TemplatePosition {
  /** Undefined: the template of the `# Source:` comment. */
  readonly file?: string
  readonly line: number
}

/** The range of the same text in a line of the template, or of the whole line. */
function rangeIn(
  templateLine: string,
  line: number,
  rendered: { readonly range: Range; readonly line: string },
): Range {
  const { start, end } = rendered.range
  const isSame =
    start.line === end.line &&
    rendered.line.slice(0, end.character) === templateLine.slice(0, end.character)
  const from = isSame ? start.character : templateLine.search(/\S|$/)
  const to = isSame ? end.character : templateLine.trimEnd().length
  return {
    start: { line, character: from },
    end: { line, character: Math.max(from, to) },
  }
}
