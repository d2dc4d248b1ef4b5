// What server and client need of policy tests.
export {
  ADD_TEST_REQUEST,
  MISSING_TESTS_REQUEST,
  type AddTestParams,
  type AddTestResult,
  type CoveredClause,
  type ListedMissingTest,
  type MissingTestsParams,
  type MissingTestsResult,
  RUN_TESTS_REQUEST,
  TESTS_REQUEST,
  type RanFailure,
  type RanTest,
  type RunTestsParams,
  type RunTestsResult,
  type TestProblem,
  type TestsParams,
  type TestsResult,
} from '../protocol/testMessages.js'

export { addCases } from './addCases.js'
export { completeTestFile } from './completeTestFile.js'
export { explainTestField } from './testFields.js'
export { failureInWords } from './failureInWords.js'
export { coverageOf, type Coverage } from './coverage.js'
export { isTested, missingTestsOf, type MissingTest } from './missingTests.js'
export { findMutants, mutantSteps, type Mutant, type MutantReport } from './mutants.js'
export { partInWords } from './partInWords.js'
export { formatTestFile, targetText } from './formatTestFile.js'
export { meshPathsOf, type MeshFiles } from './meshPaths.js'
export { namesInTest, type NameInTest } from './namesInTest.js'
export { readTestFile, type ReadTestFile, type TestFileProblem } from './readTestFile.js'
export { recordTests, type RecordedTests } from './recordTests.js'
export { runTests } from './runTests.js'
export { isTestFile, TEST_FILE_ENDING, type AccessTest, type TestFile } from './testFile.js'
export type { TestFailure, TestResult, TestStatus } from './testResult.js'
