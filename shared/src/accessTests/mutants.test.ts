import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  peerAuthentication,
  replaceIn,
  service,
  to,
  waypoint,
} from '../testing/index.js'
import { coverageOf } from './coverage.js'
import { findMutants } from './mutants.js'
import { readTestFile } from './readTestFile.js'
import { recordTests } from './recordTests.js'
import { formatTestFile } from './formatTestFile.js'
import { runTests } from './runTests.js'

const MESH = documents(
  namespace('shop', { ambient: true, labels: { 'istio.io/use-waypoint': 'waypoint' } }),
  waypoint('shop/waypoint'),
  deployment('shop/web', { serviceAccount: 'web' }),
  deployment('shop/api', { serviceAccount: 'api' }),
  service('shop/api'),
  authorizationPolicy('shop/readers', {
    targetRefs: ['Service/api'],
    rules: [
      { ...from({ serviceAccounts: ['shop/web'] }), ...to({ methods: ['GET', 'HEAD'] }) },
      to({ paths: ['/health'] }),
    ],
  }),
  authorizationPolicy('shop/idle', { app: 'gone', rules: [from({ namespaces: ['x'] })] }),
  peerAuthentication('shop/strict', { mode: 'STRICT' }),
)

const { mesh } = analyse({ 'mesh.yaml': MESH }, { world: 'closed' })

const testsOf = (text: string) => {
  const { testFile, problems } = readTestFile(text)
  expect(problems).toEqual([])
  return testFile.tests
}

const GET = `cases:
  - name: web reads
    request: {from: shop/web, to: "service shop/api:80", http: {method: GET, path: /}}
    expect: allow
`

/** The parts with a result, as `name path`. */
function partsWith(result: string, text: string): string[] {
  return findMutants(mesh, testsOf(text))
    .mutants.filter((mutant) => mutant.result === result)
    .map(({ resource, path }) => `${resource.name} ${path.join('.')}`.trim())
}

it('without tests, every part with an effect survives', () => {
  expect(partsWith('survivor', 'cases: []')).toEqual([
    'readers',
    'readers spec.rules.0',
    'readers spec.rules.0.from.0',
    'readers spec.rules.0.to.0',
    'readers spec.rules.0.to.0.operation.methods.0',
    'readers spec.rules.0.to.0.operation.methods.1',
    'readers spec.rules.1',
    'readers spec.rules.1.to.0',
    'idle spec.selector.matchLabels.app',
    'strict',
    'shop metadata.labels.istio.io/use-waypoint',
  ])
  expect(partsWith('no effect', 'cases: []')).toEqual([
    'idle',
    'idle spec.rules.0',
    'idle spec.rules.0.from.0',
  ])
})

it('a test notices exactly the parts that change its verdict', () => {
  expect(partsWith('noticed', GET)).toEqual([
    'readers spec.rules.0',
    'readers spec.rules.0.to.0.operation.methods.0',
    'idle spec.selector.matchLabels.app',
  ])
})

it('a survivor has a request whose verdict changes', () => {
  for (const { result, change, resource, mutated } of findMutants(mesh, testsOf(GET)).mutants) {
    if (result !== 'survivor') continue
    if (!change) throw new Error('A survivor has a request.')
    const without = mesh.fork({ removed: [resource], added: mutated ? [mutated] : [] })
    expect(evaluateRequest(mesh, change.request).verdict).toBe(change.before)
    expect(evaluateRequest(without, change.request).verdict).toBe(change.after)
    expect(change.after).not.toBe(change.before)
  }
})

it('recorded tests pass, and notice every part with an effect', () => {
  const text = formatTestFile(recordTests(mesh).cases)
  expect(runTests(mesh, testsOf(text)).filter(({ status }) => status !== 'passed')).toEqual([])
  expect(partsWith('survivor', text)).toEqual([])
})

it('coverage is the share of the clauses that decide a case', () => {
  const coverage = (text: string) => coverageOf(mesh, runTests(mesh, testsOf(text)))
  expect(coverage('cases: []').percent).toBe(0)
  const { clauses, percent } = coverage(GET)
  expect(percent).toBe(20)
  expect(clauses.map(({ policy, rule, cases }) => [policy.name, rule, cases])).toEqual([
    ['readers', 0, ['web reads']],
    ['readers', 1, []],
    ['readers', null, []],
    ['idle', 0, []],
    ['idle', null, []],
  ])
  const denied = replaceIn(GET, ['GET', 'DELETE'], ['allow', 'deny'])
  expect(coverage(denied).clauses.filter(({ cases }) => cases.length > 0)).toMatchObject([
    { policy: { name: 'readers' }, rule: null },
  ])
})

it('a part is not tried if a destination has too many values to see its effect', () => {
  const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`)
  const report = (count: number) => {
    const policy = authorizationPolicy('shop/writers', {
      targetRefs: ['Service/api'],
      rules: [{ when: [{ key: 'request.headers[x-a]', values: values(count) }] }],
    })
    const given = analyse({ 'mesh.yaml': documents(MESH, policy) }, { world: 'closed' })
    const { mutants, notTried } = findMutants(given.mesh, [])
    const own = mutants.filter(({ resource }) => resource.name === 'writers')
    return { results: new Set(own.map(({ result }) => result)), notTried }
  }
  const few = report(3)
  expect(few).toEqual({ results: new Set(['survivor']), notTried: 0 })
  const many = report(300)
  expect(many.results).toEqual(new Set())
  expect(many.notTried).toBeGreaterThan(300)
})
