import {
  ADD_TEST_REQUEST,
  addCases,
  coverageOf,
  decodeRequest,
  failureInWords,
  isTestFile,
  printable,
  qualifiedName,
  readTestFile,
  RUN_TESTS_REQUEST,
  runTests,
  SERVER_COMMANDS,
  TESTS_REQUEST,
  lineStartsOf,
  rangeOf,
  type AddTestParams,
  type AddTestResult,
  type CoveredClause,
  type RanFailure,
  type RanTest,
  type RunTestsParams,
  type RunTestsResult,
  type TestFailure,
  type TestProblem,
  type TestResult,
  type TestsParams,
  type TestsResult,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { TookTooLong } from '../deadline.js'
import { MessageType, ShowMessageNotification } from '../lsp.js'
import { fieldOf } from './clientAbilities.js'
import type { ServerContext } from './serverContext.js'
import type { TestDiagnostics } from './testDiagnostics.js'
import { testMeshOf, testPathsOf, type TestMesh } from './testMesh.js'

/** `istioAmbientPolicy/tests` and `istioAmbientPolicy/runTests`, and the command that runs tests. */
export function registerRunTests(
  connection: Connection,
  context: ServerContext,
  diagnostics: TestDiagnostics,
): void {
  connection.onRequest(TESTS_REQUEST, ({ textDocument }: TestsParams) =>
    testsIn(context, textDocument.uri),
  )
  connection.onRequest<AddTestResult, undefined>(ADD_TEST_REQUEST, (params: AddTestParams) =>
    addTest(context, params),
  )
  connection.onRequest(RUN_TESTS_REQUEST, (params: RunTestsParams) => run(context, params))
  context.serverCommands.set(SERVER_COMMANDS.runTests, async ([params]) => {
    if (!isRunTestsParams(params))
      return { problem: 'The argument must have the field textDocument.uri.' }
    const result = await run(context, params)
    if (result) diagnostics.showResult(fileOfUri(params.textDocument.uri), result)
    void connection.sendNotification(ShowMessageNotification.type, {
      type: result && isPassed(result) ? MessageType.Info : MessageType.Warning,
      message: summaryOf(result),
    })
    return result
  })
}

function isRunTestsParams(value: unknown): value is RunTestsParams {
  const names = fieldOf(value, 'names')
  const coverage = fieldOf(value, 'coverage')
  return (
    typeof fieldOf(fieldOf(value, 'textDocument'), 'uri') === 'string' &&
    (coverage === undefined || typeof coverage === 'boolean') &&
    (names === undefined ||
      (Array.isArray(names) && names.every((name) => typeof name === 'string')))
  )
}

function isPassed({ tests, problems }: RunTestsResult): boolean {
  return problems.length === 0 && tests.every(({ status }) => status !== 'failed')
}

/** `3 tests: 2 passed, 1 failed (web reads)`. */
function summaryOf(result: RunTestsResult | null): string {
  if (!result) return 'This file is no test file: its name must end with .access-test.yaml.'
  const { tests, problems } = result
  const [problem] = problems
  if (problem) return `The tests do not run: ${printable(problem.message)}`
  const named = (status: string): string[] =>
    tests.filter((test) => test.status === status).map(({ name }) => printable(name))
  const failed = named('failed')
  const skipped = named('skipped')
  const parts = [
    `${named('passed').length} passed`,
    ...(failed.length > 0 ? [`${failed.length} failed (${failed.join(', ')})`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped (${skipped.join(', ')})`] : []),
  ]
  return `${tests.length} policy ${tests.length === 1 ? 'test' : 'tests'}: ${parts.join(', ')}.`
}

function testsIn(context: ServerContext, uri: string): TestsResult | null {
  const file = fileOfUri(uri)
  const text = isTestFile(file) ? context.sources.text(file) : undefined
  if (text === undefined) return null
  const { testFile, problems } = readTestFile(text)
  return {
    tests: testFile.tests.map(({ name, kind, range }) => ({ name, kind, range })),
    problems: [...problems, ...testPathsOf(context, file, testFile).problems],
  }
}

function addTest(
  { sources }: ServerContext,
  { textDocument, request: given, expect, by }: AddTestParams,
): AddTestResult {
  const file = fileOfUri(textDocument.uri)
  if (!isTestFile(file))
    return { problem: 'The name of a test file must end with .access-test.yaml.' }
  const { request, problem } = decodeRequest(given)
  if (request === undefined) return { problem }
  const text = sources.text(file) ?? ''
  const edits = addCases(text, [{ request, expect, by }])
  if (!edits) return { problem: 'The test file has a problem, so no test is added to it.' }
  const lineStarts = lineStartsOf(text)
  return {
    edits: edits.map(({ span, newText }) => ({ range: rangeOf(lineStarts, span), newText })),
  }
}

async function run(
  context: ServerContext,
  { textDocument, names, coverage }: RunTestsParams,
): Promise<RunTestsResult | null> {
  const file = fileOfUri(textDocument.uri)
  if (!isTestFile(file)) return null
  await context.workspaces.idle()
  const text = context.sources.text(file)
  if (text === undefined) return null
  try {
    return context.workspaces.runWithinLimit(file, () =>
      runText(context, file, text, { names, coverage }),
    )
  } catch (error) {
    if (error instanceof TookTooLong) return { tests: [], problems: [NO_END] }
    throw error
  }
}

const NO_END: TestProblem = {
  message: 'The evaluation of these tests did not end.',
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
}

function runText(
  context: ServerContext,
  file: string,
  text: string,
  { names, coverage }: Pick<RunTestsParams, 'names' | 'coverage'>,
): RunTestsResult {
  const { testFile, problems } = readTestFile(text)
  if (problems.length > 0) return { tests: [], problems }
  const { found, problems: ofMesh } = testMeshOf(context, file, testFile)
  if (!found) return { tests: [], problems: ofMesh }
  const wanted = testFile.tests.filter(({ name }) => names?.includes(name) ?? true)
  const results = runTests(found.mesh, wanted)
  return {
    tests: results.map((result) => ranTest(context, found, result)),
    problems: [],
    ...(coverage === true ? { coverage: coveredClauses(context, found, results) } : {}),
  }
}

function coveredClauses(
  { diagnostics }: ServerContext,
  { mesh, analysis }: TestMesh,
  results: readonly TestResult[],
): CoveredClause[] {
  return coverageOf(mesh, results).clauses.flatMap(({ policy, rule, path, cases }) => {
    const found = analysis.locate({ kind: 'field', resource: policy, path, on: 'value' })
    return found
      ? [
          {
            uri: diagnostics.uriOf(found.file),
            range: found.range,
            policy: qualifiedName(policy),
            rule,
            cases: cases.map((name) => printable(name)),
          },
        ]
      : []
  })
}

function ranTest(
  context: ServerContext,
  mesh: TestMesh,
  { test: { name, kind, range }, status, reason, notes, failures }: TestResult,
): RanTest {
  return {
    name,
    kind,
    range,
    status,
    reason: status === 'skipped' ? (reason ?? null) : null,
    notes: notes.map(printable),
    failures: failures.map((failure) => ({
      lines: failureInWords(failure).map(printable),
      places: placesOf(context, mesh, failure),
    })),
  }
}

/** The rules that decide, and the ALLOW policies without a matching rule. */
function placesOf(
  { diagnostics }: ServerContext,
  { mesh, analysis }: TestMesh,
  { answer }: TestFailure,
): RanFailure['places'] {
  return (answer?.hops ?? []).flatMap(({ policy, place, evidence }) => {
    const named = evidence.flatMap((name) => {
      const slash = name.indexOf('/')
      const resource = mesh.named(
        'AuthorizationPolicy',
        name.slice(0, slash),
        name.slice(slash + 1),
      )
      return resource ? [{ name, resource, path: ['metadata', 'name'] }] : []
    })
    const decided = policy !== null && place ? [{ name: policy, ...place }] : []
    return [...decided, ...named].flatMap(({ name, resource, path }) => {
      const found = analysis.locate({ kind: 'field', resource, path, on: 'value' })
      return found ? [{ policy: name, uri: diagnostics.uriOf(found.file), range: found.range }] : []
    })
  })
}
