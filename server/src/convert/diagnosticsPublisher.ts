import type { Analysis } from '@istio-ambient-policy/shared'
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver'
import { DiagnosticSeverity } from '../lsp.js'
import { locateFindings, SOURCE, toDiagnostic, type DiagnosticContext } from './toDiagnostic.js'

export interface PublisherOptions extends DiagnosticContext {
  fileOf(uri: string): string
  /** The version of an open document. */
  versionOf(file: string): number | undefined
  send(params: PublishDiagnosticsParams): void
}

interface Sent {
  readonly text: string
  readonly pointsInto: ReadonlySet<string>
}

/** Knows what the client was told of every file, and tells it only what differs. */
export class DiagnosticsPublisher {
  readonly #options: PublisherOptions
  /** Files with diagnostics; whoever has none is not here. */
  readonly #sent = new Map<string, Sent>()

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  /**
   * Says what the meshes of a file have found in it; without any, that nothing is found any more.
   *
   * @param unread why the file is not read, if it is not.
   */
  publish(file: string, analyses: readonly Analysis[], unread?: string): void {
    const diagnostics = unread === undefined ? this.diagnosticsOf(file, analyses) : [unreadDiagnostic(unread)]
    const text = JSON.stringify(diagnostics)
    if (text === (this.#sent.get(file)?.text ?? '[]')) return
    if (diagnostics.length > 0) this.#sent.set(file, { text, pointsInto: this.#pointsInto(file, diagnostics) })
    else this.#sent.delete(file)
    const version = this.#options.versionOf(file)
    this.#options.send({ uri: this.#options.uriOf(file), ...(version === undefined ? {} : { version }), diagnostics })
  }

  /** The client may have dropped what it was told of a file: it is told again. */
  forget(file: string): void {
    const sent = this.#sent.get(file)
    if (sent) this.#sent.set(file, { ...sent, text: '' })
  }

  diagnosticsOf(file: string, analyses: readonly Analysis[]): Diagnostic[] {
    return locateFindings(analyses, file).map((located) => toDiagnostic(located, this.#options))
  }

  files(): Iterable<string> {
    return this.#sent.keys()
  }

  /** Other files whose diagnostics point into this one: a line more or less there moves what they point at. */
  pointingInto(file: string): string[] {
    return [...this.#sent].filter(([, { pointsInto }]) => pointsInto.has(file)).map(([other]) => other)
  }

  #pointsInto(file: string, diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
    const files = new Set(diagnostics.flatMap(({ relatedInformation }) => (relatedInformation ?? []).map(({ location }) => this.#options.fileOf(location.uri))))
    files.delete(file)
    return files
  }
}

function unreadDiagnostic(message: string): Diagnostic {
  const start = { line: 0, character: 0 }
  return { range: { start, end: start }, severity: DiagnosticSeverity.Information, source: SOURCE, message }
}
