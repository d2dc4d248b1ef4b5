import type { NearestMiss } from '../access/nearestMiss.js'
import type { AccessAnswer, AccessRequest } from '../access/request.js'
import type { AccessTest } from './testFile.js'

export type TestStatus = 'passed' | 'failed' | 'skipped'

/** A request that does not have the expected result. */
export interface TestFailure {
  /** A sentence with the expected and the present result. */
  readonly message: string
  /** Undefined where the test cannot be evaluated. */
  readonly request: AccessRequest | undefined
  readonly answer: AccessAnswer | undefined
  /** The smallest change of the request that changes its verdict. */
  readonly nearestMiss: NearestMiss | undefined
  /** Only for a rule: all requests with this result, in words. */
  readonly requests: RequestsInWords | undefined
}

export interface RequestsInWords {
  readonly clients: readonly string[]
  /** By dimension. Empty for every request of the clients. */
  readonly requests: Readonly<Record<string, readonly string[]>>
}

export interface TestResult {
  readonly test: AccessTest
  readonly status: TestStatus
  /** Empty if the test has not failed. */
  readonly failures: readonly TestFailure[]
  /** Why a test is skipped. */
  readonly reason: string | undefined
  /** What can make a test pass for no reason: a client that the files do not have. */
  readonly notes: readonly string[]
  /** The answers to the requests of a case, in their order; empty for a rule. */
  readonly answers: readonly AccessAnswer[]
}
