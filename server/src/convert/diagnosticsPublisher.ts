import { getOrInsert, LEVELS, locatedFindings, type Analysis } from '@istio-ambient-policy/shared'
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver'
import { DiagnosticSeverity } from '../lsp.js'
import type { ShownFinding } from './shownFinding.js'
import { SOURCE, toDiagnostic, type DiagnosticContext } from './toDiagnostic.js'

export interface PublisherOptions extends DiagnosticContext {
  /** The version of an open document. */
  versionOf(file: string): number | undefined
  send(params: PublishDiagnosticsParams): void
}

/** What the client has for a file. */
interface Published {
  /** Undefined if the client may have removed its diagnostics. */
  readonly content: Content | undefined
  readonly pointsInto: ReadonlySet<string>
}

/** The findings of a file, or why it is not read. */
type Content = readonly ShownFinding[] | string

/** The limit of VS Code for one file. */
const MAX_DIAGNOSTICS = 1_000
const NO_FILES: ReadonlySet<string> = new Set()
const START = { line: 0, character: 0 }

/** Publishes the findings of files. Sends only files whose diagnostics are different than before. */
export class DiagnosticsPublisher {
  readonly #options: PublisherOptions
  /** The files with diagnostics. */
  readonly #published = new Map<string, Published>()
  /** For each file, the other files whose diagnostics point into it. */
  readonly #pointing = new Map<string, Set<string>>()

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Publishes the findings of a file in its meshes; without meshes, the file has no findings. If a file has too many
   * findings, only the most severe ones are sent, with the number of the others.
   *
   * @param unread why the file is not read.
   */
  publish(file: string, analyses: readonly Analysis[], unread?: string): void {
    const before = this.#published.get(file)
    const content = unread ?? locatedFindings(analyses, file)
    if (before?.content !== undefined && isSame(before.content, content)) {
      // The new findings can have other objects, although their diagnostics are the same.
      this.#published.set(file, { ...before, content })
      return
    }
    this.#keep(file, content)
    if (!before && content.length === 0) return
    this.#send(file, content)
  }

  /** Publishes findings that are not computed from the present files. The next `publish` replaces them. */
  publishLast(file: string, findings: readonly ShownFinding[]): void {
    if (findings.length === 0 || this.#published.get(file)?.content !== undefined) return
    this.#keep(file, findings)
    this.#send(file, findings)
  }

  /** The findings of a file as they were published. */
  findingsOf(file: string): readonly ShownFinding[] {
    const content = this.#published.get(file)?.content
    return content === undefined || typeof content === 'string' ? [] : content
  }

  #send(file: string, content: Content): void {
    const version = this.#options.versionOf(file)
    this.#options.send({
      uri: this.#options.uriOf(file),
      ...(version === undefined ? {} : { version }),
      diagnostics: this.#diagnosticsOf(content),
    })
  }

  /** The client may have removed the diagnostics of a file: the next `publish` sends them again. */
  forget(file: string): void {
    const published = this.#published.get(file)
    if (published) this.#published.set(file, { ...published, content: undefined })
  }

  /** The files with diagnostics. */
  files(): Iterable<string> {
    return this.#published.keys()
  }

  /** Other files whose diagnostics point into this file. If its lines move, the links of these diagnostics change. */
  pointingInto(file: string): Iterable<string> {
    return this.#pointing.get(file) ?? []
  }

  #diagnosticsOf(content: Content): Diagnostic[] {
    if (typeof content === 'string') return [fileDiagnostic(content)]
    if (content.length <= MAX_DIAGNOSTICS)
      return content.map((placed) => toDiagnostic(placed, this.#options))
    const mostSevere = LEVELS.flatMap((level) =>
      content.filter(({ finding }) => finding.level === level),
    ).slice(0, MAX_DIAGNOSTICS)
    return [
      ...mostSevere.map((placed) => toDiagnostic(placed, this.#options)),
      fileDiagnostic(
        `${content.length - MAX_DIAGNOSTICS} more findings of this file are not shown.`,
      ),
    ]
  }

  #keep(file: string, content: Content): void {
    for (const other of this.#published.get(file)?.pointsInto ?? [])
      this.#pointing.get(other)?.delete(file)
    if (content.length === 0) this.#published.delete(file)
    else
      this.#published.set(file, {
        content,
        pointsInto: typeof content === 'string' ? NO_FILES : filesPointedAt(content, file),
      })
    for (const other of this.#published.get(file)?.pointsInto ?? [])
      getOrInsert(this.#pointing, other, () => new Set<string>()).add(file)
  }
}

function filesPointedAt(placed: readonly ShownFinding[], from: string): ReadonlySet<string> {
  const files = new Set<string>()
  for (const { related } of placed)
    for (const { file } of related) if (file !== from) files.add(file)
  return files
}

/** Whether the diagnostics are the same. Most findings are the same objects as before. */
function isSame(before: Content, now: Content): boolean {
  if (typeof before === 'string' || typeof now === 'string') return before === now
  return (
    before.length === now.length &&
    before.every(
      (placed, index) => placed === now[index] || diagnosed(placed) === diagnosed(now[index]),
    )
  )
}

/** The parts of a finding that are in its diagnostic, as text. */
function diagnosed(placed: ShownFinding | undefined): string {
  if (!placed) return ''
  const {
    finding: { rule, level, message, assumptions, tag },
    range,
    related,
  } = placed
  return JSON.stringify([rule, level, message, assumptions, tag, range, related])
}

/** A diagnostic about the whole file. */
function fileDiagnostic(message: string): Diagnostic {
  return {
    range: { start: START, end: START },
    severity: DiagnosticSeverity.Information,
    source: SOURCE,
    message,
  }
}
