import type { Analysis, Finding, Level, Range } from '@istio-ambient-policy/shared'
import { DiagnosticSeverity, type Diagnostic, type PublishDiagnosticsParams } from 'vscode-languageserver'
import { isSameRange, locateFindings, SOURCE, toDiagnostic, type DiagnosticContext, type LocatedFinding } from './toDiagnostic.js'

export interface PublisherOptions extends DiagnosticContext {
  /** The version of an open document. */
  versionOf(file: string): number | undefined
  send(params: PublishDiagnosticsParams): void
}

interface Sent {
  /** Undefined where the client may have dropped what it was told. */
  readonly outline: readonly OutlineItem[] | undefined
  readonly pointsInto: ReadonlySet<string>
}

/**
 * What diagnostics are made of, one after the other: a finding, where it stands, files and ranges that it points at. Most are the very same as before, so that
 * two lists are compared in a fraction of the time of the diagnostics.
 */
type OutlineItem = Finding | Range | string

/** VS Code shows no more of one file either. */
const MOST_DIAGNOSTICS = 1_000
const LEVELS: readonly Level[] = ['error', 'warning', 'information', 'hint']
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
    const located = unread === undefined ? locateFindings(analyses, file) : []
    const { outline, pointsInto } = unread === undefined ? this.#outlineOf(file, located) : { outline: [unread], pointsInto: NO_FILES }
    this.#keep(file, outline.length > 0 ? { outline, pointsInto } : undefined)
    if (before ? before.outline && isSame(before.outline, outline) : outline.length === 0) return
    const diagnostics = unread === undefined ? this.#diagnosticsOf(located) : [informing(unread)]
    const version = this.#options.versionOf(file)
    this.#options.send({ uri: this.#options.uriOf(file), ...(version === undefined ? {} : { version }), diagnostics })
  }

  /** The client may have dropped what it was told of a file: it is told again. */
  forget(file: string): void {
    const sent = this.#sent.get(file)
    if (sent) this.#sent.set(file, { ...sent, outline: undefined })
  }

  files(): Iterable<string> {
    return this.#sent.keys()
  }

  /** Other files whose diagnostics point into this one: a line more or less there moves what they point at. */
  pointingInto(file: string): Iterable<string> {
    return this.#pointing.get(file) ?? []
  }

  #outlineOf(file: string, located: readonly LocatedFinding[]): { readonly outline: readonly OutlineItem[]; readonly pointsInto: ReadonlySet<string> } {
    const outline: OutlineItem[] = []
    const pointsInto = new Set<string>()
    for (const { finding, analysis, range } of located) {
      outline.push(finding, range)
      for (const { place } of finding.related) {
        const related = analysis.locate(place)
        if (!related) continue
        outline.push(related.file, related.range)
        if (related.file !== file) pointsInto.add(related.file)
      }
    }
    return { outline, pointsInto }
  }

  #diagnosticsOf(located: readonly LocatedFinding[]): Diagnostic[] {
    const shown = located.length <= MOST_DIAGNOSTICS ? located : LEVELS.flatMap((level) => located.filter(({ finding }) => finding.level === level)).slice(0, MOST_DIAGNOSTICS)
    const diagnostics = shown.map((each) => toDiagnostic(each, this.#options))
    return shown === located ? diagnostics : [...diagnostics, informing(`${located.length - MOST_DIAGNOSTICS} more findings of this file are not shown.`)]
  }

  #keep(file: string, sent: Sent | undefined): void {
    for (const other of this.#sent.get(file)?.pointsInto ?? []) this.#pointing.get(other)?.delete(file)
    for (const other of sent?.pointsInto ?? []) this.#pointing.set(other, (this.#pointing.get(other) ?? new Set<string>()).add(file))
    if (sent) this.#sent.set(file, sent)
    else this.#sent.delete(file)
  }

}

function isSame(before: readonly OutlineItem[], now: readonly OutlineItem[]): boolean {
  return before.length === now.length && before.every((item, index) => item === now[index] || isSameItem(item, now[index]))
}

function isSameItem(before: OutlineItem, now: OutlineItem | undefined): boolean {
  if (typeof before === 'string' || typeof now !== 'object') return false
  if ('start' in before) return 'start' in now && isSameRange(before, now)
  return 'rule' in now && saying(before) === saying(now)
}

/** All that a diagnostic takes from its finding but for places. */
function saying({ rule, level, message, assumptions, tag, related }: Finding): string {
  return JSON.stringify([rule, level, message, assumptions, tag, related.map((each) => each.message)])
}

/** Speaks of the file as a whole. */
function informing(message: string): Diagnostic {
  return { range: { start: START, end: START }, severity: DiagnosticSeverity.Information, source: SOURCE, message }
}
