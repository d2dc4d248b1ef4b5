import { isTestFile as isNameOfTestFile, type RunTestsParams } from '@istio-ambient-policy/shared'
import { window, type Uri } from 'vscode'

export const TEST_FILES = '**/*.access-test.{yaml,yml}'
export const NOT_IN = '**/node_modules/**'

export function isTestFile({ path }: Uri): boolean {
  return isNameOfTestFile(path)
}

/** The argument of a code lens; undefined for another one. */
export function paramsOf(value: unknown): RunTestsParams | undefined {
  if (typeof value !== 'object' || value === null || !('textDocument' in value)) return undefined
  const { textDocument } = value
  if (typeof textDocument !== 'object' || textDocument === null || !('uri' in textDocument))
    return undefined
  const { uri } = textDocument
  if (typeof uri !== 'string') return undefined
  const names: unknown = 'names' in value ? value.names : undefined
  return Array.isArray(names)
    ? { textDocument: { uri }, names: names.filter((name) => typeof name === 'string') }
    : { textDocument: { uri } }
}

/** The test file in the active editor. */
export function activeTestFile(): RunTestsParams | undefined {
  const uri = window.activeTextEditor?.document.uri
  return uri && isTestFile(uri) ? { textDocument: { uri: uri.toString() } } : undefined
}
