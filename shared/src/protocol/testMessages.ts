import type { Range } from '../text/lineIndex.js'

/**
 * Client → server: the tests of a test file (`TestsParams` → `TestsResult`, null for another file). The text of an open
 * document counts before it is saved.
 */
export const TESTS_REQUEST = 'istioAmbientPolicy/tests'

/** Client → server: runs the tests of a test file (`RunTestsParams` → `RunTestsResult`, null for another file). */
export const RUN_TESTS_REQUEST = 'istioAmbientPolicy/runTests'

/**
 * Client → server: the edits that add a case for a request, with its present verdict, to a test file (`AddTestParams` →
 * `AddTestResult`). The file need not exist.
 */
export const ADD_TEST_REQUEST = 'istioAmbientPolicy/addTest'

export interface AddTestParams {
  /** The test file. */
  readonly textDocument: { readonly uri: string }
  /** An `AccessRequest`, as a line of `evaluate --requests`. */
  readonly request: unknown
  readonly expect: 'allow' | 'deny' | 'undecided'
  /** `namespace/name` of the policy that decides. */
  readonly by?: string
}

export type AddTestResult =
  | {
      readonly edits: readonly { readonly range: Range; readonly newText: string }[]
      readonly problem?: undefined
    }
  | { readonly edits?: undefined; readonly problem: string }

export interface TestsParams {
  readonly textDocument: { readonly uri: string }
}

export interface RunTestsParams extends TestsParams {
  /** Only the tests with these names. */
  readonly names?: readonly string[]
}

export interface TestsResult {
  readonly tests: readonly ListedTest[]
  readonly problems: readonly TestProblem[]
}

export interface ListedTest {
  readonly name: string
  readonly kind: 'case' | 'rule'
  /** Of the name. */
  readonly range: Range
}

/** A problem of the test file, because of which no test of it runs. */
export interface TestProblem {
  readonly message: string
  readonly range: Range
}

export interface RunTestsResult {
  /** Empty if there are problems. */
  readonly tests: readonly RanTest[]
  readonly problems: readonly TestProblem[]
}

export interface RanTest extends ListedTest {
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it is skipped; otherwise null. */
  readonly reason: string | null
  /** What can make it pass for no reason: a client that is not in the files. */
  readonly notes: readonly string[]
  readonly failures: readonly RanFailure[]
}

export interface RanFailure {
  /** The message, the request, the answer of each proxy and the smallest change. */
  readonly lines: readonly string[]
  /** The rules that decide. */
  readonly places: readonly {
    readonly policy: string
    readonly uri: string
    readonly range: Range
  }[]
}
