import type { Mesh } from '../mesh/mesh.js'
import { runCase } from './runCase.js'
import { runRule } from './runRule.js'
import type { AccessTest } from './testFile.js'
import type { TestResult } from './testResult.js'

/** Runs tests in a mesh, in their order. The mesh must be closed. */
export function runTests(mesh: Mesh, tests: readonly AccessTest[]): TestResult[] {
  return tests.map((test) => (test.kind === 'case' ? runCase(mesh, test) : runRule(mesh, test)))
}
