import { fileName } from './paths.js'

export const CHART_FILE = 'Chart.yaml'
const LOCK_FILE = 'Chart.lock'
const KUSTOMIZATION_NAMES = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])

/**
 * Whether a file decides how other files are built: a kustomization or a chart. Such files are read
 * first.
 */
export function isBuildFile(file: string): boolean {
  return isKustomizationFile(file) || isChartFile(file)
}

export function isKustomizationFile(file: string): boolean {
  return KUSTOMIZATION_NAMES.has(fileName(file))
}

export function isChartFile(file: string): boolean {
  const name = fileName(file)
  return name === CHART_FILE || name === LOCK_FILE
}
