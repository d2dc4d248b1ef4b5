import {
  coverageOf,
  findMutants,
  type AccessRequest,
  type AccessTest,
  type Analysis,
  type FieldPath,
  type Range,
  type Resource,
  type TestFailure,
  type TestResult,
  type TestStatus,
  type Verdict,
} from '@istio-ambient-policy/shared'
import { reportAnswer, type ReportedAnswer } from '../evaluateReport.js'
import type { PlaceOf } from '../places.js'

/** The JSON output of `test`. */
export interface TestReport {
  readonly files: readonly ReportedTestFile[]
  readonly problems: readonly ReportedProblem[]
  readonly summary: Readonly<Record<TestStatus, number>>
  /** Only with `--coverage` or `--threshold`. One for each mesh. */
  readonly coverage?: readonly ReportedCoverage[]
  /** Only with `--mutants`. One for each mesh. */
  readonly mutants?: readonly ReportedMutants[]
}

export interface ReportedTestFile {
  readonly file: string
  /** The paths of the mesh. */
  readonly mesh: readonly string[]
  readonly tests: readonly ReportedTest[]
}

export interface ReportedTest {
  readonly name: string
  readonly kind: 'case' | 'rule'
  /** Of the name. */
  readonly range: Range
  readonly status: TestStatus
  /** Why it is skipped; otherwise null. */
  readonly reason: string | null
  /** What can make a test pass for no reason: a client that is not in the files. */
  readonly notes: readonly string[]
  readonly failures: readonly ReportedFailure[]
}

export interface ReportedFailure {
  readonly message: string
  /** Null where the test cannot be evaluated. */
  readonly request: AccessRequest | null
  /** The answer of each proxy to the request, and the smallest change that changes its verdict. */
  readonly answer: ReportedAnswer | null
  /** Only of a rule: all requests with this result, in words. */
  readonly clients: readonly string[]
  readonly requests: Readonly<Record<string, readonly string[]>>
}

/** A test file that cannot be used. */
export interface ReportedProblem {
  readonly file: string
  readonly range: Range
  readonly message: string
}

/** A part of a policy, with its place. */
interface ReportedPart {
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string }
  readonly path: FieldPath
  readonly file: string | null
  readonly range: Range | null
}

export interface ReportedCoverage {
  readonly mesh: readonly string[]
  readonly percent: number
  readonly clauses: readonly (ReportedPart & {
    /** Null: an ALLOW policy without a matching rule. */
    readonly rule: number | null
    readonly cases: readonly string[]
  })[]
}

export interface ReportedMutants {
  readonly mesh: readonly string[]
  readonly mutants: readonly (ReportedPart & {
    readonly result: 'no effect' | 'noticed' | 'survivor'
    /** A request whose verdict changes without the part. */
    readonly change: {
      readonly request: AccessRequest
      readonly before: Verdict
      readonly after: Verdict
    } | null
  })[]
  readonly notTried: number
}

export interface ReportContext {
  readonly analysis: Analysis
  readonly placeOf: PlaceOf
}

export function reportTest(
  { test, status, failures, reason, notes }: TestResult,
  context: ReportContext,
): ReportedTest {
  return {
    name: test.name,
    kind: test.kind,
    range: test.range,
    status,
    reason: status === 'skipped' ? (reason ?? null) : null,
    notes,
    failures: failures.map((failure) => reportFailure(failure, context)),
  }
}

function reportFailure(
  { message, request, answer, nearestMiss, requests }: TestFailure,
  { analysis, placeOf }: ReportContext,
): ReportedFailure {
  return {
    message,
    request: request ?? null,
    answer: answer
      ? { ...reportAnswer(answer, analysis, placeOf), nearestMiss: nearestMiss ?? null }
      : null,
    clients: requests?.clients ?? [],
    requests: requests?.requests ?? {},
  }
}

export function reportCoverage(
  mesh: readonly string[],
  results: readonly TestResult[],
  context: ReportContext,
): ReportedCoverage {
  const { clauses, percent } = coverageOf(context.analysis.mesh, results)
  return {
    mesh,
    percent,
    clauses: clauses.map(({ policy, rule, path, cases }) => ({
      ...partOf(policy, path, context),
      rule,
      cases,
    })),
  }
}

export function reportMutants(
  mesh: readonly string[],
  tests: readonly AccessTest[],
  context: ReportContext,
): ReportedMutants {
  const { mutants, notTried } = findMutants(context.analysis.mesh, tests)
  return {
    mesh,
    mutants: mutants.map(({ resource, path, result, change }) => ({
      ...partOf(resource, path, context),
      result,
      change: change ?? null,
    })),
    notTried,
  }
}

function partOf(
  resource: Resource,
  path: FieldPath,
  { analysis, placeOf }: ReportContext,
): ReportedPart {
  const place = path.length === 0 ? ['metadata', 'name'] : path
  const found = analysis.locate({ kind: 'field', resource, path: place, on: 'value' })
  const { type: kind, namespace, name } = resource
  return {
    object: { kind, namespace, name },
    path,
    ...(found ? placeOf(found.file, found.range) : { file: null, range: null }),
  }
}

/** ` (policies.yaml:12)`; empty without a place. */
export function placeInWords({ file, range }: Pick<ReportedPart, 'file' | 'range'>): string {
  return file === null || range === null ? '' : ` (${file}:${range.start.line + 1})`
}
