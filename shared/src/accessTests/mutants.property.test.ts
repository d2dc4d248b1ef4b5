import fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { allDestinations, destinationKey } from '../space/destinations.js'
import { manifests, questions, toFiles, type Manifest } from '../testing/generatedMesh.js'
import { analyse, findingsOf } from '../testing/index.js'
import { runs } from '../testing/runs.js'
import type { FieldPath } from '../yaml/node.js'
import { formatTestFile } from './formatTestFile.js'
import { findMutants, type Mutant } from './mutants.js'
import { readTestFile } from './readTestFile.js'
import { runTests } from './runTests.js'
import type { AccessTest } from './testFile.js'

/** Milliseconds: each mutant is a mesh that is read again. */
const LIMIT = runs(120_000)

const closed = (objects: readonly Manifest[]): Mesh =>
  analyse(toFiles(objects, 1), { world: 'closed' }).mesh

/** The manifest without a field. Maps and lists that are empty then are removed too, up to the rule. */
function withoutField(value: unknown, [first, ...rest]: FieldPath): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return items.flatMap((item, index) => {
      if (index !== first) return [item]
      if (rest.length === 0) return []
      return [withoutField(item, rest)]
    })
  }
  const entries = Object.entries(value as object).flatMap(([key, inner]): [string, unknown][] => {
    if (key !== first) return [[key, inner]]
    if (rest.length === 0) return []
    const left = withoutField(inner, rest)
    return isEmpty(left) && key !== 'rules' ? [] : [[key, left]]
  })
  return Object.fromEntries(entries)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** The objects without the part of a mutant, as a user would remove it from the files. */
function edited(objects: readonly Manifest[], { resource, path }: Mutant): Manifest[] {
  const { type, namespace, name } = resource
  const isResource = ({ kind, metadata }: Manifest): boolean =>
    kind === type && metadata.name === name && (metadata.namespace ?? '') === namespace
  return objects.flatMap((object) => {
    if (!isResource(object)) return [object]
    return path.length === 0 ? [] : [withoutField(object, path) as Manifest]
  })
}

/** Requests to all destinations, next to those that are drawn. */
function requestsTo(mesh: Mesh, drawn: readonly AccessRequest[]): AccessRequest[] {
  const targets = [...mesh.get(allDestinations, '').values()]
  return drawn.flatMap((request) => [request, ...targets.map((to) => ({ ...request, to }))])
}

function isDeclared(mesh: Mesh, { to }: AccessRequest): boolean {
  return mesh.get(allDestinations, '').has(destinationKey(to))
}

/** Cases with the present verdicts of some requests. */
function testsOf(mesh: Mesh, requests: readonly AccessRequest[]): readonly AccessTest[] {
  const text = formatTestFile(
    requests.map((request, index) => ({
      name: `request ${index}`,
      requests: [request],
      expect: evaluateRequest(mesh, request).verdict,
    })),
  )
  return readTestFile(text).testFile.tests
}

it(
  'each mutant is as its files say: without effect, noticed or a survivor',
  () => {
    const seen = { 'no effect': 0, noticed: 0, survivor: 0 }
    fc.assert(
      fc.property(questions, fc.nat(3), ({ objects, requests: drawn }, every) => {
        const names = objects.map(({ kind, metadata: { namespace, name } }) =>
          JSON.stringify([kind, namespace, name]),
        )
        fc.pre(new Set(names).size === names.length)
        const mesh = closed(objects)
        const requests = requestsTo(mesh, drawn)
        const valid = requests.filter(
          (request) =>
            readTestFile(formatTestFile([{ name: 'a', requests: [request], expect: 'allow' }]))
              .problems.length === 0,
        )
        const tests = testsOf(
          mesh,
          valid.filter((_, index) => index % (every + 1) === 0),
        )
        const before = requests.map((request) => evaluateRequest(mesh, request).verdict)
        const passing = runTests(mesh, tests).filter(({ status }) => status === 'passed')
        for (const mutant of findMutants(mesh, tests).mutants) {
          const { result, change, resource, path } = mutant
          seen[result]++
          const without = closed(edited(objects, mutant))
          const what = `${result}: ${resource.type} ${resource.name} ${path.join('.')}`
          // A mutant is about the ports that the files declare.
          const changed = requests.filter(
            (request, index) =>
              isDeclared(mesh, request) &&
              evaluateRequest(without, request).verdict !== before[index],
          )
          const isNoticed = runTests(
            without,
            passing.map(({ test }) => test),
          ).some(({ status }) => status !== 'passed')
          if (result === 'no effect' && changed[0])
            expect.fail(`${what} changes ${JSON.stringify(changed[0])}`)
          expect(`${what} ${isNoticed}`).toBe(`${what} ${result === 'noticed'}`)
          if (!change) continue
          expect([
            evaluateRequest(mesh, change.request).verdict,
            evaluateRequest(without, change.request).verdict,
            what,
            JSON.stringify(change.request),
          ]).toEqual([change.before, change.after, what, JSON.stringify(change.request)])
          expect(change.after).not.toBe(change.before)
        }
      }),
      { numRuns: runs(7, 3) },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs(3, 3))
  },
  LIMIT,
)

/** Findings that say that a policy, or one of its rules, has no effect. */
const NO_EFFECT: ReadonlySet<string> = new Set([
  'policy-idle',
  'rule-idle',
  'selector-matches-nothing',
  'l7-deny-rule-no-effect',
  'target-not-bound',
])

// The other direction does not hold: a finding needs files that show everything, and a mutant takes them as complete.
it(
  'what a finding says has no effect is a mutant without effect',
  () => {
    let compared = 0
    fc.assert(
      fc.property(manifests, (objects) => {
        // At a sidecar, a DENY rule with HTTP attributes has an effect; the finding is about ztunnel.
        const hasSidecars = /istio-injection|istio\.io\/rev|sidecar/.test(JSON.stringify(objects))
        const findings = findingsOf(analyse(toFiles(objects, 1))).filter(
          ({ rule }) => NO_EFFECT.has(rule) && !(hasSidecars && rule === 'l7-deny-rule-no-effect'),
        )
        if (findings.length === 0) return
        const { mutants } = findMutants(closed(objects), [])
        for (const { rule, place } of findings) {
          if (place.kind !== 'field') continue
          const { resource, path } = place
          const part = path[1] === 'rules' ? path.slice(0, 3).join('.') : ''
          const mutant = mutants.find(
            (each) =>
              each.resource.type === resource.type &&
              each.resource.namespace === resource.namespace &&
              each.resource.name === resource.name &&
              each.path.join('.') === part,
          )
          if (!mutant) continue
          compared++
          expect(`${rule} ${resource.name} ${part} ${mutant.result}`).toBe(
            `${rule} ${resource.name} ${part} no effect`,
          )
        }
      }),
      { numRuns: runs(15, 2) },
    )
    expect(compared).toBeGreaterThan(runs(1, 3))
  },
  LIMIT,
)
