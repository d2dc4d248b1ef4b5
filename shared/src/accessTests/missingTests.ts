import type { AccessRequest, Verdict } from '../access/request.js'
import { caseName } from './addCases.js'
import type { Mutant } from './mutants.js'
import type { AccessTest } from './testFile.js'

/** A test that would notice a part of the policies that no test notices. */
export interface MissingTest {
  /** What the test says: `shop/web can reach service shop/api:80 with GET /`. */
  readonly name: string
  readonly request: AccessRequest
  /** The present verdict. */
  readonly expect: Verdict
  /** The parts without which the verdict is different. */
  readonly parts: readonly Mutant[]
}

/** One test for each request of the survivors. */
export function missingTestsOf(mutants: readonly Mutant[]): MissingTest[] {
  const byRequest = new Map<string, MissingTest & { parts: Mutant[] }>()
  for (const mutant of mutants) {
    const { result, change } = mutant
    if (result !== 'survivor' || !change) continue
    const { request, before: expect } = change
    const key = JSON.stringify(request)
    const known = byRequest.get(key)
    if (known) known.parts.push(mutant)
    else byRequest.set(key, { name: caseName(request, expect), request, expect, parts: [mutant] })
  }
  return [...byRequest.values()]
}

/** Whether a case has exactly this request. */
export function isTested(tests: readonly AccessTest[], request: AccessRequest): boolean {
  const key = requestKey(request)
  return tests.some((test) => test.kind === 'case' && test.requests.map(requestKey).includes(key))
}

/** The same text for equal requests: the order of the fields does not count. */
function requestKey(request: AccessRequest): string {
  return JSON.stringify(request, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
