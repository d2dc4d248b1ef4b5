import {
  isTestFile,
  missingTestsOf,
  MISSING_TESTS_REQUEST,
  mutantSteps,
  partInWords,
  printable,
  readTestFile,
  SERVER_COMMANDS,
  type AccessTest,
  type MissingTest,
  type MissingTestsParams,
  type MissingTestsResult,
  type Mutant,
  type MutantReport,
  type TestProblem,
} from '@istio-ambient-policy/shared'
import type { CancellationToken, Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { TookTooLong } from '../deadline.js'
import { LSPErrorCodes, MessageType, ResponseError, ShowMessageNotification } from '../lsp.js'
import { fieldOf } from './clientAbilities.js'
import type { FoundTest } from './missingTests.js'
import type { ServerContext } from './serverContext.js'
import type { TestDiagnostics } from './testDiagnostics.js'
import { testMeshOf, type TestMesh } from './testMesh.js'

/** Work without a break, in milliseconds. */
const SLICE = 20

type Answer = MissingTestsResult | null | ResponseError<undefined>

/** `istioAmbientPolicy/missingTests`, and the command of other editors. */
export function registerFindMissingTests(
  connection: Connection,
  context: ServerContext,
  diagnostics: TestDiagnostics,
): void {
  const find = async (uri: string, token: CancellationToken): Promise<Answer> => {
    const file = fileOfUri(uri)
    const answer = await missingTestsIn(context, file, token)
    diagnostics.publish(file)
    return answer
  }
  connection.onRequest(
    MISSING_TESTS_REQUEST,
    ({ textDocument }: MissingTestsParams, token: CancellationToken) =>
      find(textDocument.uri, token),
  )
  context.serverCommands.set(SERVER_COMMANDS.findMissingTests, async ([params], token) => {
    const uri = fieldOf(fieldOf(params, 'textDocument'), 'uri')
    if (typeof uri !== 'string')
      return { problem: 'The argument must have the field textDocument.uri.' }
    const answer = await find(uri, token)
    if (!(answer instanceof ResponseError))
      void connection.sendNotification(ShowMessageNotification.type, {
        type: answer && answer.problems.length === 0 ? MessageType.Info : MessageType.Warning,
        message: summaryOf(answer),
      })
    return answer
  })
}

function summaryOf(result: MissingTestsResult | null): string {
  if (!result) return 'This file is no test file: its name must end with .access-test.yaml.'
  const { missing, noticed, withoutEffect, notTried, problems } = result
  const [problem] = problems
  if (problem) return `The tests do not run: ${printable(problem.message)}`
  const rest = notTried > 0 ? `, ${notTried} not tried` : ''
  const parts = `${noticed} noticed, ${withoutEffect} without effect${rest}`
  return missing.length === 0
    ? `No policy test is missing. Parts of the policies: ${parts}.`
    : `${missing.length} policy ${missing.length === 1 ? 'test is' : 'tests are'} missing: code actions add them. Parts of the policies: ${parts}.`
}

async function missingTestsIn(
  context: ServerContext,
  file: string,
  token: CancellationToken,
): Promise<Answer> {
  if (!isTestFile(file)) return null
  await context.workspaces.idle()
  const text = context.sources.text(file)
  if (text === undefined) return null
  const { testFile, problems } = readTestFile(text)
  if (problems.length > 0) return withProblems(problems)
  // The search has pauses, in which the user can edit.
  const { found, problems: ofMesh } = testMeshOf(context, file, testFile, { lasting: true })
  if (!found) return withProblems(ofMesh)
  try {
    const report = await findInSlices(context, { file, mesh: found, tests: testFile.tests }, token)
    return report
      ? remember(context, file, found, report)
      : new ResponseError(LSPErrorCodes.RequestCancelled, 'The search was cancelled.')
  } catch (error) {
    if (error instanceof TookTooLong) return withProblems([NO_END])
    throw error
  }
}

const NO_END: TestProblem = {
  message: 'The evaluation of these tests did not end.',
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
}

function withProblems(problems: readonly TestProblem[]): MissingTestsResult {
  return { missing: [], noticed: 0, withoutEffect: 0, notTried: 0, problems }
}

/** Undefined if it was cancelled. */
async function findInSlices(
  { workspaces }: ServerContext,
  { file, mesh, tests }: { file: string; mesh: TestMesh; tests: readonly AccessTest[] },
  token: CancellationToken,
): Promise<MutantReport | undefined> {
  const steps = mutantSteps(mesh.mesh, tests)
  for (;;) {
    // Messages that cancel the search arrive in these pauses.
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (token.isCancellationRequested) return undefined
    const report = workspaces.runWithinLimit(file, () => {
      const end = performance.now() + SLICE
      do {
        const step = steps.next()
        if (step.done === true) return step.value
      } while (performance.now() < end)
      return undefined
    })
    if (report) return report
  }
}

function remember(
  context: ServerContext,
  file: string,
  mesh: TestMesh,
  { mutants, notTried }: MutantReport,
): MissingTestsResult {
  const found = missingTestsOf(mutants).map((test) => foundTest(test, mesh))
  context.missingTests.set(file, found)
  const count = (result: Mutant['result']): number =>
    mutants.filter((mutant) => mutant.result === result).length
  return {
    missing: found.map(({ name, request, expect, parts }) => ({
      name: printable(name),
      request,
      expect,
      parts: parts.map(({ part, place }) => ({
        part: printable(part),
        place: place ? { uri: context.diagnostics.uriOf(place.file), range: place.range } : null,
      })),
    })),
    noticed: count('noticed'),
    withoutEffect: count('no effect'),
    notTried,
    problems: [],
  }
}

function foundTest(
  { name, request, expect, parts }: MissingTest,
  { analysis }: TestMesh,
): FoundTest {
  return {
    name,
    request,
    expect,
    parts: parts.map(({ resource, path }) => {
      const { type: kind, namespace, name: own } = resource
      const at = path.length === 0 ? ['metadata', 'name'] : path
      return {
        part: partInWords({ kind, namespace, name: own }, path),
        place: analysis.locate({ kind: 'field', resource, path: at, on: 'value' }),
      }
    }),
  }
}
