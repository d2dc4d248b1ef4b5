import { LEVELS, type Analysis, type PlacedFinding } from '@istio-ambient-policy/shared'
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver'
import { DiagnosticSeverity } from '../lsp.js'
import { placedFindings, SOURCE, toDiagnostic, type DiagnosticContext } from './toDiagnostic.js'

export interface PublisherOptions extends DiagnosticContext {
  /** The version of an open document. */
  versionOf(file: string): number | undefined
  send(params: PublishDiagnosticsParams): void
}

interface Sent {
  /** Undefined where the client may have dropped what it was told. */
  readonly said: Said | undefined
  readonly pointsInto: ReadonlySet<string>
}

/** The findings of a file, or why it is not read. */
type Said = readonly PlacedFinding[] | string

/** VS Code shows no more of one file either. */
const MOST_DIAGNOSTICS = 1_000
const NO_FILES: ReadonlySet<string> = new Set()
const START = { line: 0, character: 0 }

/** Knows what the client was told of every file, and tells it only what differs. */
export class DiagnosticsPublisher {
  readonly #options: PublisherOptions
  /** Files with diagnostics; whoever has none is not here. */
  readonly #sent = new Map<string, Sent>()
  /** By file, the others whose diagnostics point into it. */
  readonly #pointing = new Map<string, Set<string>>()

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Says what the meshes of a file have found in it; without any, that nothing is found any more. Of a file with very many findings the gravest are sent, and
   * how many more there are.
   *
   * @param unread why the file is not read, if it is not.
   */
  publish(file: string, analyses: readonly Analysis[], unread?: string): void {
    const before = this.#sent.get(file)
    const said = unread ?? placedFindings(analyses, file)
    if (before?.said !== undefined && isSame(before.said, said)) {
      // Findings that say the same may speak of other objects than those that are gone.
      this.#sent.set(file, { ...before, said })
      return
    }
    this.#keep(file, said)
    if (!before && said.length === 0) return
    const version = this.#options.versionOf(file)
    this.#options.send({
      uri: this.#options.uriOf(file),
      ...(version === undefined ? {} : { version }),
      diagnostics: this.#diagnosticsOf(said),
    })
  }

  /** The client may have dropped what it was told of a file: it is told again. */
  forget(file: string): void {
    const sent = this.#sent.get(file)
    if (sent) this.#sent.set(file, { ...sent, said: undefined })
  }

  files(): Iterable<string> {
    return this.#sent.keys()
  }

  /** Other files whose diagnostics point into this one: a line more or less there moves what they point at. */
  pointingInto(file: string): Iterable<string> {
    return this.#pointing.get(file) ?? []
  }

  #diagnosticsOf(said: Said): Diagnostic[] {
    if (typeof said === 'string') return [informing(said)]
    const shown =
      said.length <= MOST_DIAGNOSTICS
        ? said
        : LEVELS.flatMap((level) => said.filter(({ finding }) => finding.level === level)).slice(
            0,
            MOST_DIAGNOSTICS,
          )
    const diagnostics = shown.map((placed) => toDiagnostic(placed, this.#options))
    return shown === said
      ? diagnostics
      : [
          ...diagnostics,
          informing(`${said.length - MOST_DIAGNOSTICS} more findings of this file are not shown.`),
        ]
  }

  #keep(file: string, said: Said): void {
    for (const other of this.#sent.get(file)?.pointsInto ?? [])
      this.#pointing.get(other)?.delete(file)
    if (said.length === 0) this.#sent.delete(file)
    else
      this.#sent.set(file, {
        said,
        pointsInto: typeof said === 'string' ? NO_FILES : filesPointedAt(said, file),
      })
    for (const other of this.#sent.get(file)?.pointsInto ?? [])
      this.#pointing.set(other, (this.#pointing.get(other) ?? new Set<string>()).add(file))
  }
}

function filesPointedAt(placed: readonly PlacedFinding[], from: string): ReadonlySet<string> {
  const files = new Set<string>()
  for (const { related } of placed)
    for (const { file } of related) if (file !== from) files.add(file)
  return files
}

/** Most of what is found is the very same as before. */
function isSame(before: Said, now: Said): boolean {
  if (typeof before === 'string' || typeof now === 'string') return before === now
  return (
    before.length === now.length &&
    before.every(
      (placed, index) => placed === now[index] || diagnosed(placed) === diagnosed(now[index]),
    )
  )
}

/** All that a diagnostic takes from a finding. */
function diagnosed(placed: PlacedFinding | undefined): string {
  if (!placed) return ''
  const {
    finding: { rule, level, message, assumptions, tag },
    range,
    related,
  } = placed
  return JSON.stringify([rule, level, message, assumptions, tag, range, related])
}

/** Speaks of the file as a whole. */
function informing(message: string): Diagnostic {
  return {
    range: { start: START, end: START },
    severity: DiagnosticSeverity.Information,
    source: SOURCE,
    message,
  }
}
