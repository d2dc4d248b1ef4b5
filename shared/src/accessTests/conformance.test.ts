import { describe, expect, it } from 'vitest'
import type { AccessRequest, Verdict } from '../access/request.js'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse, type Files } from '../testing/index.js'
import { runs, sampled } from '../testing/runs.js'
import { formatTestFile } from './formatTestFile.js'
import { missingTarget } from './templates.js'
import { readTestFile } from './readTestFile.js'
import { runTests } from './runTests.js'
import type { TestResult } from './testResult.js'

interface Expected {
  readonly request: AccessRequest
  /** The verdict of the real proxies. */
  readonly verdict: Verdict
}

interface MeshVector {
  readonly name: string
  readonly files: Files
  readonly requests: readonly (AccessRequest & { id: string; verdict: Verdict })[]
}

/** A mesh before and after some edits, with the verdicts of the real proxies; null without the destination. */
interface PairVector {
  readonly name: string
  readonly before: { readonly files: Files }
  readonly after: { readonly files: Files }
  readonly requests: readonly {
    readonly request: AccessRequest
    readonly before: Verdict | null
    readonly after: Verdict | null
  }[]
}

/** Every n-th vector of a file; all of them with `TEST_DEPTH=10`. */
const SAMPLES = { 'mesh-worlds': 6, 'mesh-worlds-1.31': 5, 'waypoint-l7': 6, egress: 8 } as const

const EVERY_PAIR = 10
/** Milliseconds. */
const LIMIT = runs(60_000)

/** The results of requests that are written as a test file, and read again. */
function resultsOf(files: Files, expected: readonly Expected[]): TestResult[] {
  const text = formatTestFile(
    expected.map(({ request, verdict }, index) => ({
      name: `request ${index}`,
      requests: [request],
      expect: verdict,
    })),
  )
  const { testFile, problems } = readTestFile(text)
  expect(problems).toEqual([])
  return runTests(analyse(files, { world: 'closed' }).mesh, testFile.tests)
}

describe.each(Object.entries(SAMPLES))('%s', (file, every) => {
  it(
    'the verdicts of the real proxies, written as test files, pass',
    () => {
      let passed = 0
      for (const { name, files, requests } of sampled(readVectors<MeshVector>(file), every)) {
        const { mesh } = analyse(files, { world: 'closed' })
        const expected = requests.map(({ id: _, verdict, ...request }) => ({ request, verdict }))
        for (const [index, { status, failures }] of resultsOf(files, expected).entries()) {
          const { request } = expected[index]!
          if (status === 'passed') passed++
          else if (missingTarget(mesh, request.to) === undefined)
            expect.fail(`${name} ${JSON.stringify(request)}: ${JSON.stringify(failures)}`)
        }
      }
      expect(passed).toBeGreaterThan(100)
    },
    LIMIT,
  )
})

it(
  'tests of a mesh pass, and fail after edits exactly where the real proxies decide otherwise',
  () => {
    let changed = 0
    let same = 0
    for (const { name, before, after, requests } of sampled(
      readVectors<PairVector>('diff'),
      EVERY_PAIR,
    )) {
      const expected = requests.flatMap(({ request, before: verdict, after: next }) =>
        verdict === null || next === null
          ? []
          : [{ request, verdict, isChanged: verdict !== next }],
      )
      const passes = (files: Files): boolean[] =>
        resultsOf(files, expected).map(({ status }) => status === 'passed')
      const atFirst = passes(before.files)
      const later = passes(after.files)
      for (const [index, { request, isChanged }] of expected.entries()) {
        if (isChanged) changed++
        else same++
        if (!atFirst[index]) expect.fail(`${name} before: ${JSON.stringify(request)}`)
        if (later[index] === isChanged) expect.fail(`${name} after: ${JSON.stringify(request)}`)
      }
    }
    expect(changed).toBeGreaterThan(100)
    expect(same).toBeGreaterThan(1_000)
  },
  LIMIT,
)
