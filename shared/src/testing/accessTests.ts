import { readTestFile } from '../accessTests/readTestFile.js'
import { runTests } from '../accessTests/runTests.js'
import type { TestResult } from '../accessTests/testResult.js'
import { deployment, namespace, service } from './builders.js'
import { analyse } from './checkFiles.js'
import { documents } from './objectText.js'
import { authorizationPolicy, from } from './policyBuilders.js'

/** A namespace in ambient mode with the workloads `web` and `api`. */
export const SHOP = [
  namespace('shop', { ambient: true }),
  deployment('shop/web', { serviceAccount: 'web' }),
  deployment('shop/api', { serviceAccount: 'api' }),
  service('shop/api'),
]
/** Allows only `web` at `api`. */
export const ONLY_WEB = authorizationPolicy('shop/only-web', {
  app: 'api',
  rules: [from({ serviceAccounts: ['shop/web'] })],
})

/** The results of a test file in the mesh of some objects. */
export function runIn(objects: readonly string[], tests: string): TestResult[] {
  const { testFile, problems } = readTestFile(tests)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const { mesh } = analyse({ 'mesh.yaml': documents(...objects) }, { world: 'closed' })
  return runTests(mesh, testFile.tests)
}

/** `passed`, `skipped: why` or `failed: message (who, what); …`. */
export function outcomes(objects: readonly string[], tests: string): string[] {
  return runIn(objects, tests).map(({ status, reason, failures }) => {
    if (status !== 'failed') return status === 'skipped' ? `skipped: ${reason ?? ''}` : status
    return `failed: ${failures
      .map(({ message, requests }) =>
        requests
          ? `${message} (${requests.clients.join(', ')}: ${JSON.stringify(requests.requests)})`
          : message,
      )
      .join(' ')}`
  })
}

export const oneCase = (request: string, rest = 'expect: allow'): string =>
  `cases:\n  - {name: a, request: ${request}, ${rest}}`
export const oneRule = (fields: string): string => `rules:\n  - {name: a, ${fields}}`
