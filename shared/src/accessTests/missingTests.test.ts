import { expect, it } from 'vitest'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  from,
  namespace,
  service,
  to,
  waypoint,
} from '../testing/index.js'
import { addCases } from './addCases.js'
import { isTested, missingTestsOf } from './missingTests.js'
import { findMutants } from './mutants.js'
import { readTestFile } from './readTestFile.js'

const { mesh } = analyse(
  {
    'mesh.yaml': documents(
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
    ),
  },
  { world: 'closed' },
)
const missingIn = (text: string) =>
  missingTestsOf(findMutants(mesh, readTestFile(text).testFile.tests).mutants)

it('after all missing tests are added, in turn, none is missing', () => {
  let text = 'cases: []\n'
  let rounds = 0
  for (let missing = missingIn(text); missing.length > 0; missing = missingIn(text)) {
    expect(++rounds).toBeLessThan(5)
    const { tests } = readTestFile(text).testFile
    expect(missing.filter(({ request }) => isTested(tests, request))).toEqual([])
    text = applyTextEdits(text, addCases(text, missing) ?? [])
    const added = readTestFile(text).testFile.tests
    expect(missing.filter(({ request }) => !isTested(added, request))).toEqual([])
  }
  expect(rounds).toBeGreaterThan(0)
})

it('one request is one test, with all parts that it notices', () => {
  const missing = missingIn('cases: []\n')
  const names = missing.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(missing.some(({ parts }) => parts.length > 1)).toBe(true)
})

it('the order of the fields of a request does not count', () => {
  const { tests } = readTestFile(
    'cases:\n  - {name: a, request: {to: "service a/b:80", http: {path: /x, method: GET}, from: outside}, expect: deny}\n',
  ).testFile
  const http = { method: 'GET', path: '/x' }
  expect(isTested(tests, { http, from: {}, to: { service: 'a/b', port: 80 } })).toBe(true)
  expect(isTested(tests, { http, from: {}, to: { service: 'a/b', port: 81 } })).toBe(false)
})
