import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, Verdict } from '../access/request.js'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse, type Files } from '../testing/index.js'
import { formatTestFile } from './formatTestFile.js'
import { missingTarget } from './templates.js'
import { readTestFile } from './readTestFile.js'
import { runTests } from './runTests.js'

interface MeshVector {
  name: string
  files: Files
  requests: (AccessRequest & { id: string; verdict: Verdict })[]
}

/** Every n-th vector of a file is enough here. */
const SAMPLES = { 'mesh-worlds': 6, 'mesh-worlds-1.31': 5, 'waypoint-l7': 6, egress: 8 } as const

const closed = (files: Files) => analyse(files, { world: 'closed' }).mesh

/** The requests of a vector as a test file. */
function testFileOf({ requests }: MeshVector): string {
  return formatTestFile(
    requests.map(({ id, verdict, ...request }) => ({
      name: `request ${id}`,
      requests: [request],
      expect: verdict,
    })),
  )
}

for (const [file, every] of Object.entries(SAMPLES)) {
  it(`the verdicts of ${file}, written as test files, pass`, () => {
    const vectors = readVectors<MeshVector>(file).filter((_, index) => index % every === 0)
    let passed = 0
    for (const vector of vectors) {
      const { testFile, problems } = readTestFile(testFileOf(vector))
      expect(problems).toEqual([])
      const mesh = closed(vector.files)
      for (const { test, status, failures } of runTests(mesh, testFile.tests)) {
        const [request] = test.kind === 'case' ? test.requests : []
        const isMissing = request && missingTarget(mesh, request.to) !== undefined
        if (status === 'passed') passed++
        else if (!isMissing) expect.fail(`${vector.name} ${test.name}: ${JSON.stringify(failures)}`)
      }
    }
    expect(passed).toBeGreaterThan(100)
  })
}

it('without one policy, the tests fail exactly where the verdict is different', () => {
  let changed = 0
  for (const vector of readVectors<MeshVector>('waypoint-l7').slice(0, 25)) {
    const { tests } = readTestFile(testFileOf(vector)).testFile
    for (const [file, text] of Object.entries(vector.files)) {
      const policies = text.split(/^---$/m)
      const index = policies.findIndex((part) => /^kind: "?AuthorizationPolicy/m.test(part))
      if (index < 0) continue
      const mutated = closed({
        ...vector.files,
        [file]: policies.filter((_, at) => at !== index).join('---'),
      })
      for (const result of runTests(mutated, tests)) {
        const { test, status } = result
        if (test.kind !== 'case') continue
        const isSame = test.requests.every(
          (request) => evaluateRequest(mutated, request).verdict === test.expect,
        )
        if (!isSame) changed++
        expect(status).toBe(isSame ? 'passed' : 'failed')
      }
    }
  }
  expect(changed).toBeGreaterThan(10)
})
