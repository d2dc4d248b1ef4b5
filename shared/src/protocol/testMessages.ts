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

/**
 * Client → server: tests that would notice parts of the policies that no test of a file notices (`MissingTestsParams` →
 * `MissingTestsResult`, null for another file). Takes long for many policies, and can be cancelled. Until the next change of
 * a manifest, code actions add these tests.
 */
export const MISSING_TESTS_REQUEST = 'istioAmbientPolicy/missingTests'

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
  /** Whether the result has the coverage of the policies. */
  readonly coverage?: boolean
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
  /** Only if the parameters say so. */
  readonly coverage?: readonly CoveredClause[]
}

/** A part of an AuthorizationPolicy that can decide a request. */
export interface CoveredClause {
  readonly uri: string
  readonly range: Range
  /** `namespace/name`. */
  readonly policy: string
  /** Index of the rule; null for an ALLOW policy without a matching rule. */
  readonly rule: number | null
  /** The names of the cases that it decides. */
  readonly cases: readonly string[]
}

export type MissingTestsParams = TestsParams

export interface MissingTestsResult {
  readonly missing: readonly ListedMissingTest[]
  /** How many parts of the policies a test notices, have no effect, or were not tried. */
  readonly noticed: number
  readonly withoutEffect: number
  readonly notTried: number
  readonly problems: readonly TestProblem[]
}

/** A test that is not in the file. `ADD_TEST_REQUEST` adds it. */
export interface ListedMissingTest {
  /** `shop/web can reach service shop/api:80 with GET /`. */
  readonly name: string
  readonly request: unknown
  /** The present verdict. */
  readonly expect: 'allow' | 'deny' | 'undecided'
  /** The parts without which the verdict is different. */
  readonly parts: readonly {
    /** `AuthorizationPolicy shop/readers spec.rules[0]`. */
    readonly part: string
    readonly place: { readonly uri: string; readonly range: Range } | null
  }[]
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
