import {
  isTestFile,
  printable,
  readTestFile,
  type RunTestsResult,
  type TestProblem,
} from '@istio-ambient-policy/shared'
import type { Connection, Diagnostic } from 'vscode-languageserver'
import { SOURCE } from '../convert/toDiagnostic.js'
import { fileOfUri } from '../convert/uris.js'
import { DiagnosticSeverity } from '../lsp.js'
import type { ServerContext } from './serverContext.js'
import { testPathsOf } from './testMesh.js'

const MAX_PROBLEMS = 100

/** Publishes the problems of open test files, and what the last run of the command found until the next edit. */
export class TestDiagnostics {
  readonly #connection: Connection
  readonly #context: ServerContext

  constructor(connection: Connection, context: ServerContext) {
    this.#connection = connection
    this.#context = context
    context.documents.onDidChangeContent(({ document }) => {
      const file = fileOfUri(document.uri)
      if (isTestFile(file)) this.#publish(file, this.#problemsOf(file))
    })
    context.documents.onDidClose(({ document }) => {
      if (isTestFile(fileOfUri(document.uri))) this.#send(document.uri, [])
    })
  }

  /** Shows the failures of a run at the names of the tests. */
  showResult(file: string, { tests, problems }: RunTestsResult): void {
    const failures = tests.flatMap(({ range, failures: found }): Diagnostic[] =>
      found.map(({ lines, places }) => ({
        range,
        severity: DiagnosticSeverity.Error,
        source: SOURCE,
        code: 'policy-test',
        message: lines.join('\n'),
        relatedInformation: places.map(({ policy, uri, range: place }) => ({
          location: { uri, range: place },
          message: printable(policy),
        })),
      })),
    )
    this.#publish(file, [...problems.map(toDiagnostic), ...failures])
  }

  #problemsOf(file: string): Diagnostic[] {
    const text = this.#context.sources.text(file) ?? ''
    const { testFile, problems } = readTestFile(text)
    // Before the folder was read, no path of a mesh has files.
    const isRead = this.#context.workspaces.folders.every(({ ready }) => ready)
    const ofMesh = isRead ? testPathsOf(this.#context, file, testFile).problems : []
    return [...problems, ...ofMesh].map(toDiagnostic)
  }

  #publish(file: string, diagnostics: readonly Diagnostic[]): void {
    const document = this.#context.sources.document(file)
    if (document) this.#send(document.uri, diagnostics.slice(0, MAX_PROBLEMS), document.version)
  }

  #send(uri: string, diagnostics: Diagnostic[], version?: number): void {
    void this.#connection.sendDiagnostics({
      uri,
      ...(version === undefined ? {} : { version }),
      diagnostics,
    })
  }
}

function toDiagnostic({ message, range }: TestProblem): Diagnostic {
  return {
    range,
    severity: DiagnosticSeverity.Error,
    source: SOURCE,
    code: 'policy-test',
    message: printable(message),
  }
}
