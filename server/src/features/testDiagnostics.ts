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
import type { FoundTest } from './missingTests.js'
import type { ServerContext } from './serverContext.js'
import { testPathsOf } from './testMesh.js'

const MAX_PROBLEMS = 100
const TOP = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/**
 * Publishes the problems of open test files, what the last run of the command found until the next edit, and missing
 * tests.
 */
export class TestDiagnostics {
  readonly #connection: Connection
  readonly #context: ServerContext

  constructor(connection: Connection, context: ServerContext) {
    this.#connection = connection
    this.#context = context
    context.documents.onDidChangeContent(({ document }) => {
      const file = fileOfUri(document.uri)
      if (isTestFile(file)) this.publish(file)
      else for (const testFile of context.missingTests.clear()) this.publish(testFile)
    })
    context.documents.onDidClose(({ document }) => {
      if (isTestFile(fileOfUri(document.uri))) this.#send(document.uri, [])
    })
  }

  /** Shows the problems of a file, and its missing tests. */
  publish(file: string): void {
    const { sources, missingTests } = this.#context
    missingTests.remove(file, readTestFile(sources.text(file) ?? '').testFile.tests)
    this.#publish(file, this.#problemsOf(file))
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
    if (!document) return
    const missing = this.#context.missingTests.of(file).map((test) => this.#missing(test))
    const all = [...diagnostics, ...missing].slice(0, MAX_PROBLEMS)
    this.#send(document.uri, all, document.version)
  }

  #missing({ name, parts }: FoundTest): Diagnostic {
    const { diagnostics } = this.#context
    return {
      range: TOP,
      severity: DiagnosticSeverity.Information,
      source: SOURCE,
      code: 'policy-test-missing',
      message: printable(
        `A test is missing: ${name}. No test notices ${parts.map(({ part }) => part).join(', ')}.`,
      ),
      relatedInformation: parts.flatMap(({ part, place }) =>
        place
          ? [
              {
                location: { uri: diagnostics.uriOf(place.file), range: place.range },
                message: printable(part),
              },
            ]
          : [],
      ),
    }
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
