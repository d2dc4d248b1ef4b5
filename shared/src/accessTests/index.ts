// What server and client need of policy tests.
export {
  ADD_TEST_REQUEST,
  type AddTestParams,
  type AddTestResult,
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

export { addCase } from './addCase.js'
export { completeTestFile } from './completeTestFile.js'
export { explainTestField } from './testFields.js'
export { failureInWords } from './failureInWords.js'
export { coverageOf, type Coverage } from './coverage.js'
export { findMutants, type MutantReport } from './mutants.js'
export { formatTestFile, targetText } from './formatTestFile.js'
export { meshPathsOf, type MeshFiles } from './meshPaths.js'
export { namesInTest, type NameInTest } from './namesInTest.js'
export { readTestFile, type ReadTestFile, type TestFileProblem } from './readTestFile.js'
export { recordTests, type RecordedTests } from './recordTests.js'
export { runTests } from './runTests.js'
export { isTestFile, TEST_FILE_ENDING, type AccessTest, type TestFile } from './testFile.js'
export type { TestFailure, TestResult, TestStatus } from './testResult.js'
