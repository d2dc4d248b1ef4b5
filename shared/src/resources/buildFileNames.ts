import { fileName } from './paths.js'

export const CHART_FILE = 'Chart.yaml'
const LOCK_FILE = 'Chart.lock'
const KUSTOMIZATION_NAMES = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])

const TEST_STEPS_NAMES = new Set(['chainsaw-test.yaml', 'chainsaw-test.yml'])

/**
 * Whether a file decides how other files are read: a kustomization, a chart or the steps of a test. Such files are
 * read first.
 */
export function isBuildFile(file: string): boolean {
  return isKustomizationFile(file) || isChartFile(file) || isTestStepsFile(file)
}

export function isKustomizationFile(file: string): boolean {
  return KUSTOMIZATION_NAMES.has(fileName(file))
}

export function isChartFile(file: string): boolean {
  const name = fileName(file)
  return name === CHART_FILE || name === LOCK_FILE
}

/** Whether a file has the steps of a test of Chainsaw. */
export function isTestStepsFile(file: string): boolean {
  return TEST_STEPS_NAMES.has(fileName(file))
}

/** Whether a file has what a step of a test of kuttl expects: `00-assert.yaml`. */
export function isKuttlExpectation(file: string): boolean {
  return /^\d+-(?:assert|errors)\.ya?ml$/.test(fileName(file))
}
