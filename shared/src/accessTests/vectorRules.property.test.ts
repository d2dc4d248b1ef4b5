import fc from 'fast-check'
import { expect, it } from 'vitest'
import { destinationOf } from '../access/destination.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestHttp, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse, type Files } from '../testing/index.js'
import { isSelectedBy, type WrittenSelection } from '../testing/ruleOfTest.js'
import { runs } from '../testing/runs.js'
import { targetText } from './formatTestFile.js'
import { readTestFile } from './readTestFile.js'
import { runTests } from './runTests.js'

interface Vector {
  readonly name: string
  readonly files: Files
  readonly requests: readonly (AccessRequest & { id: string; verdict: Verdict })[]
}

/** All meshes of the vectors, and 20 constraints on each, with `TEST_DEPTH=10`. */
const FILES = ['mesh-worlds', 'mesh-worlds-1.31', 'waypoint-l7', 'egress']
const EVERY_MESH = 10
const CONSTRAINTS = runs(2)
/** Milliseconds: the number of meshes and the number of constraints grow with the depth. */
const LIMIT = runs(runs(60_000))

/** The values of the requests of a mesh. */
interface Values {
  readonly clients: readonly AccessRequest['from'][]
  readonly targets: readonly AccessRequest['to'][]
  readonly https: readonly RequestHttp[]
}

function valuesOf(requests: readonly AccessRequest[]): Values {
  const distinct = <T>(values: readonly T[]): T[] =>
    [...new Set(values.map((value) => JSON.stringify(value)))].map((text) => JSON.parse(text) as T)
  return {
    clients: distinct(requests.map(({ from }) => from)),
    targets: distinct(requests.map(({ to }) => to)),
    https: distinct(requests.flatMap(({ http }) => http ?? [])),
  }
}

/** The request, and the same request with the client, destination or one field of HTTP of another one. */
function* neighbours(request: AccessRequest, values: Values): Generator<AccessRequest> {
  yield request
  for (const from of values.clients) yield { ...request, from }
  yield { ...request, from: { ip: '192.0.2.77' } }
  for (const to of values.targets) yield { ...request, to }
  const { http } = request
  for (const other of values.https) yield { ...request, http: other }
  yield { from: request.from, to: request.to }
  if (!http) return
  for (const method of ['GET', 'POST', 'BREW']) yield { ...request, http: { ...http, method } }
  for (const { path = '/', host = '', headers = {} } of values.https) {
    yield { ...request, http: { ...http, path } }
    yield { ...request, http: { ...http, path: `${path}/z` } }
    yield { ...request, http: { ...http, host } }
    yield { ...request, http: { ...http, headers } }
  }
}

/** A port that is declared for HTTP has HTTP requests only: a waypoint rejects other bytes. */
function isForHttp(mesh: Mesh, to: AccessRequest['to']): boolean {
  const destination = destinationOf(mesh, to)
  return destination.kind === 'service' && destination.protocol === 'http'
}

/** Constraints with the values of the requests, as patterns. */
function constraints({ clients, targets, https }: Values) {
  const some = (values: readonly string[]): fc.Arbitrary<readonly string[] | undefined> =>
    values.length === 0
      ? fc.constant(undefined)
      : fc.option(fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), {
          nil: undefined,
        })
  const accounts = clients.flatMap(({ namespace, serviceAccount, trustDomain }) =>
    namespace === undefined || (trustDomain !== undefined && trustDomain !== 'cluster.local')
      ? []
      : [`${namespace}/${serviceAccount ?? ''}`, `namespace:${namespace}`],
  )
  const named = targets.flatMap((to) => {
    const text = targetText(to)
    const wide = text.slice(0, text.lastIndexOf(':'))
    const [, namespace] = /^(?:service|workload) ([^/]+)\//.exec(text) ?? []
    return [text, wide, ...(namespace === undefined ? [] : [`namespace:${namespace}`])]
  })
  const plain = (texts: readonly (string | undefined)[]): string[] =>
    texts.flatMap((text) => (text !== undefined && /^[\w./-]+$/.test(text) ? text : []))
  const patterns = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => [text, `${text.slice(0, 3)}*`, `*${text.slice(-2)}`])
  const paths = plain(https.map(({ path }) => path)).filter((path) => path.startsWith('/'))
  const hosts = plain(https.map(({ host }) => host?.toLowerCase()))
  const headers = https.flatMap((http) =>
    Object.entries(http.headers ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' && /^[\w-]+$/.test(value) ? [{ [name.toLowerCase()]: value }] : [],
    ),
  )
  const http = fc.record(
    {
      method: fc.constantFrom(['GET'], ['POST', 'PUT'], ['*']),
      path: some(patterns(paths)),
      host: some(patterns(hosts)),
      headers: headers.length === 0 ? fc.constant(undefined) : fc.constantFrom(...headers),
    },
    { requiredKeys: [] },
  )
  return fc.record({
    claim: fc.constantFrom('never', 'always'),
    through: fc.boolean(),
    selection: fc.record({
      from: some([...accounts, 'outside']),
      notFrom: some(accounts),
      to: some(named),
      http: fc.option(http, { nil: undefined }),
    }),
  })
}

type Constraint = ReturnType<typeof constraints> extends fc.Arbitrary<infer T> ? T : never

function isCounterexample(mesh: Mesh, { claim, through }: Constraint, request: AccessRequest) {
  const { verdict, hops } = evaluateRequest(mesh, request)
  if (!through) return verdict !== (claim === 'never' ? 'deny' : 'allow')
  const isThrough = hops.some(({ point }) => point === 'waypoint')
  return verdict === 'allow' && isThrough === (claim === 'never')
}

it(
  'a rule fails if a request of a vector, or a neighbour of it, is a counterexample',
  () => {
    const seen = { passed: 0, failed: 0, skipped: 0, found: 0 }
    const vectors = FILES.flatMap((file) => readVectors<Vector>(file))
    const step = Math.max(1, Math.round(EVERY_MESH / runs(1)))
    for (const { name, files, requests } of vectors.filter((_, index) => index % step === 0)) {
      const { mesh } = analyse(files, { world: 'closed' })
      const values = valuesOf(
        requests.map(({ from, to, http }) => ({ from, to, ...(http && { http }) })),
      )
      const all = new Map(
        requests
          .flatMap(({ from, to, http }) => [
            ...neighbours({ from, to, ...(http && { http }) }, values),
          ])
          .filter((request) => request.http !== undefined || !isForHttp(mesh, request.to))
          .map((request) => [JSON.stringify(request), request]),
      )
      fc.assert(
        fc.property(constraints(values), (constraint) => {
          const selection = JSON.parse(JSON.stringify(constraint.selection)) as WrittenSelection
          const rule = {
            name: 'a',
            [constraint.claim]: selection,
            ...(constraint.through ? { through: 'waypoint' } : {}),
          }
          const { testFile, problems } = readTestFile(JSON.stringify({ rules: [rule] }))
          expect(problems).toEqual([])
          const [result] = runTests(mesh, testFile.tests)
          if (!result) throw new Error('There is one result.')
          seen[result.status]++
          const counterexample = [...all.values()].find(
            (request) =>
              isSelectedBy(mesh, selection, request) && isCounterexample(mesh, constraint, request),
          )
          if (counterexample) seen.found++
          if (counterexample && result.status !== 'failed')
            expect.fail(
              `${name} ${JSON.stringify(rule)}: not found ${JSON.stringify(counterexample)}`,
            )
          for (const { request, message } of result.failures) {
            if (!request) continue
            const what = `${name} ${JSON.stringify(rule)}: ${message} ${JSON.stringify(request)}`
            if (!isSelectedBy(mesh, selection, request)) expect.fail(`not selected: ${what}`)
            const isReal = isCounterexample(mesh, constraint, request)
            if (!isReal && !/may be allowed/.test(message))
              expect.fail(`no counterexample: ${what}`)
          }
        }),
        { numRuns: CONSTRAINTS },
      )
    }
    expect(seen.found).toBeGreaterThan(runs(10))
    expect(seen.passed).toBeGreaterThan(runs(2))
  },
  LIMIT,
)
