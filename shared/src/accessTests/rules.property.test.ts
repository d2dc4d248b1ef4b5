import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sourceChoices } from '../access/choices.js'
import { clientOf } from '../access/client.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestHttp, RequestTarget } from '../access/request.js'
import { allDestinations } from '../space/destinations.js'
import { manifests, toFiles } from '../testing/generatedMesh.js'
import { analyse } from '../testing/index.js'
import { readTestFile } from './readTestFile.js'
import { runTests } from './runTests.js'
import type { AccessRule } from './testFile.js'
import type { TestStatus } from './testResult.js'
import type { Mesh } from '../mesh/mesh.js'
import { runs } from '../testing/runs.js'

/** Milliseconds: the number of meshes and the number of rules grow with the depth. */
const LIMIT = runs(runs(60_000))
const METHODS = ['GET', 'POST', 'DELETE']
const PATHS = ['/', '/api', '/api/x', '/a/x', '/other']

const choices = fc.record({
  claim: fc.constantFrom('never', 'always'),
  from: fc.constantFrom(
    '',
    'from: alpha/web',
    'from: [beta/api, alpha/default]',
    'from: "namespace:alpha"',
    'from: outside',
    'notFrom: alpha/web',
  ),
  http: fc.constantFrom(
    '',
    'http: {}',
    'http: {method: POST}',
    'http: {path: /api*}',
    'http: {method: [GET, POST], path: ["/api", "*/x"]}',
  ),
  through: fc.boolean(),
})

/** All requests of a grid to one destination. */
function* grid(mesh: Mesh, to: RequestTarget): Generator<AccessRequest> {
  const clients: AccessRequest['from'][] = [
    ...mesh
      .get(sourceChoices, '')
      .map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount })),
    { namespace: 'alpha', serviceAccount: 'unknown' },
    { namespace: 'gamma', serviceAccount: 'unknown' },
    {},
  ]
  const https: (RequestHttp | undefined)[] = [
    undefined,
    ...METHODS.flatMap((method) => PATHS.map((path): RequestHttp => ({ method, path }))),
  ]
  for (const from of clients)
    for (const ip of ['10.1.0.1', '203.0.113.9'])
      for (const http of https) yield { from: { ...from, ip }, to, ...(http ? { http } : {}) }
}

/** The rule, as a reader understands it. */
function isCounterexample(mesh: Mesh, rule: AccessRule, request: AccessRequest): boolean {
  const { verdict, hops } = evaluateRequest(mesh, request)
  const isThrough = hops.some(({ point }) => point === 'waypoint')
  if (rule.through !== undefined)
    return verdict === 'allow' && isThrough === (rule.claim === 'never')
  return verdict === (rule.claim === 'never' ? 'allow' : 'deny')
}

function isSelected(
  { from, http }: { from: string; http: string },
  request: AccessRequest,
): boolean {
  const { namespace, serviceAccount, trustDomain } = request.from
  const account =
    namespace === undefined
      ? 'outside'
      : `${namespace}/${serviceAccount ?? ''}${trustDomain === undefined ? '' : ` of ${trustDomain}`}`
  const { method = 'GET', path = '/' } = request.http ?? {}
  const isHttp = request.http !== undefined
  const clients: Record<string, boolean> = {
    '': true,
    'from: alpha/web': account === 'alpha/web',
    'from: [beta/api, alpha/default]': account === 'beta/api' || account === 'alpha/default',
    'from: "namespace:alpha"': namespace === 'alpha',
    'from: outside': account === 'outside',
    'notFrom: alpha/web': account !== 'alpha/web',
  }
  const https: Record<string, boolean> = {
    '': true,
    'http: {}': isHttp,
    'http: {method: POST}': isHttp && method === 'POST',
    'http: {path: /api*}': isHttp && path.startsWith('/api'),
    'http: {method: [GET, POST], path: ["/api", "*/x"]}':
      isHttp && method !== 'DELETE' && (path === '/api' || path.endsWith('/x')),
  }
  return clients[from] === true && https[http] === true
}

type Choice = typeof choices extends fc.Arbitrary<infer T> ? T : never

/** Compares a rule with the requests of a grid. */
function check(mesh: Mesh, choice: Choice, requests: readonly AccessRequest[]): TestStatus {
  const fields = [choice.from, choice.http].filter((field) => field !== '').join(', ')
  const { testFile, problems } = readTestFile(
    `rules:\n  - name: a\n    ${choice.claim}: {${fields}}\n${choice.through ? '    through: waypoint\n' : ''}`,
  )
  expect(problems).toEqual([])
  const [rule] = testFile.tests
  if (rule?.kind !== 'rule') throw new Error('There is one rule.')
  const [result] = runTests(mesh, [rule])
  if (!result) throw new Error('There is one result.')
  const counterexample = requests.find(
    (request) => isSelected(choice, request) && isCounterexample(mesh, rule, request),
  )
  if (counterexample && result.status !== 'failed')
    expect.fail(`not found: ${JSON.stringify(counterexample)}`)
  for (const { request, message } of result.failures) {
    if (!request) continue
    if (!/decide|may be/.test(message)) expect(isCounterexample(mesh, rule, request)).toBe(true)
    // Clients without an identity are all the same for the proxies.
    const isPlaintext = clientOf(mesh, request.from).identity === undefined
    if (!isPlaintext && !isSelected(choice, request))
      expect.fail(`not selected by ${fields}: ${JSON.stringify(request)}`)
  }
  return result.status
}

it(
  'a rule fails if a request of a grid is a counterexample, and its example is one',
  () => {
    const seen = { passed: 0, failed: 0, skipped: 0 }
    const length = runs(2)
    fc.assert(
      fc.property(
        manifests,
        fc.array(choices, { minLength: length, maxLength: length }),
        (objects, all) => {
          const { mesh } = analyse(toFiles(objects, 1), { world: 'closed' })
          const targets = [...mesh.get(allDestinations, '').values()]
          if (targets.length === 0) return
          const requests = targets.flatMap((target) => [...grid(mesh, target)])
          for (const choice of all) seen[check(mesh, choice, requests)]++
        },
      ),
      { numRuns: runs(15) },
    )
    expect(seen.passed).toBeGreaterThan(runs(3))
    expect(seen.failed).toBeGreaterThan(runs(3))
  },
  LIMIT,
)
