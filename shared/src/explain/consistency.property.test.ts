import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest } from '../access/request.js'
import {
  contradictions,
  findingsAgainstAnswers,
  notEnforced,
  requestsOf,
} from '../testing/contradictions.js'
import { viewContradictions } from '../testing/viewContradictions.js'
import { questions, toFiles, variedQuestions, type Manifest } from '../testing/generatedMesh.js'
import { analyse, findingsOf } from '../testing/index.js'
import { fixtureFolders } from '../testing/fixtureFiles.js'
import { runs, sampled } from '../testing/runs.js'

describe.each([
  { name: 'a generated mesh', asked: questions },
  { name: 'a generated mesh of many kinds', asked: variedQuestions },
])('$name', ({ asked }) => {
  it('explain, status and evaluate do not contradict each other', () => {
    fc.assert(
      fc.property(asked, ({ objects, requests }) => {
        const mesh = closed(objects)
        expect(contradictions(mesh, everyClient(requests))).toEqual([])
        expect(viewContradictions(mesh)).toEqual([])
      }),
      { numRuns: runs(25, 2) },
    )
  })

  it('no finding contradicts an answer', () => {
    fc.assert(
      fc.property(asked, ({ objects, requests }) => {
        const findings = findingsOf(analyse(toFiles(objects)))
        expect(findingsAgainstAnswers(findings, closed(objects), everyClient(requests))).toEqual([])
      }),
      { numRuns: runs(18, 2) },
    )
  })

  it('a policy that is explained as not enforced changes no answer', () => {
    let compared = 0
    fc.assert(
      fc.property(asked, ({ objects, requests }) => {
        const whole = closed(objects)
        for (const { name, namespace } of notEnforced(whole)) {
          const rest = objects.filter(
            ({ kind, metadata }) =>
              kind !== 'AuthorizationPolicy' ||
              metadata.name !== name ||
              metadata.namespace !== namespace,
          )
          if (rest.length === objects.length) continue
          compared += 1
          const without = closed(rest)
          for (const request of everyClient(requests))
            expect(evaluateRequest(without.mesh, request).verdict, `${namespace}/${name}`).toBe(
              evaluateRequest(whole.mesh, request).verdict,
            )
        }
      }),
      { numRuns: runs(25), seed: 7 },
    )
    expect(compared).toBeGreaterThan(runs(8))
  })
})

it.each(sampled(fixtureFolders('field'), 4))(
  'explain, status, evaluate and findings do not contradict each other about %s',
  (_, files) => {
    const analysis = analyse(files, { world: 'closed' })
    const requests = requestsOf(analysis)
    expect(contradictions(analysis, requests)).toEqual([])
    expect(viewContradictions(analysis)).toEqual([])
    const findings = findingsOf(analyse(files))
    expect(findingsAgainstAnswers(findings, analysis, requests)).toEqual([])
  },
)

function closed(objects: readonly Manifest[]): ReturnType<typeof analyse> {
  return analyse(toFiles(objects), { world: 'closed' })
}

/** Each request also from a client without identity, and as a request with a method and a path. */
function everyClient(requests: readonly AccessRequest[]): AccessRequest[] {
  return requests.flatMap((request) => [
    request,
    { ...request, from: {} },
    { ...request, http: { method: 'GET', path: '/' } },
  ])
}
