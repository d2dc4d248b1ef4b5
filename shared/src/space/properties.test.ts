import fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest } from '../access/request.js'
import { manifests, questions, toFiles, type Manifest } from '../testing/generatedMesh.js'
import { analyse } from '../testing/index.js'
import { accessBoxes } from './accessBoxes.js'
import { classesOfCell, witnessOf } from './accessSpace.js'
import { AccessSpaces } from './accessSpaces.js'
import { cellsOf } from './cells.js'
import { cellNumber, cellOf } from './classOf.js'
import { compareAccess } from './compareAccess.js'
import { allDestinations, destinationKey } from './destinations.js'
import { Planner, type PartPlan } from './plan.js'
import { spaceOf } from './spaceOf.js'

const closed = (objects: readonly Manifest[]) => analyse(toFiles(objects, 1), { world: 'closed' })

/** A request with an address, because the verdict of one without can depend on it. */
function withAddress(request: AccessRequest): AccessRequest {
  const { ip } = request.from
  return { ...request, from: { ...request.from, ip: ip?.includes('.') ? ip : '203.0.113.9' } }
}

function partsTo(planner: Planner, to: AccessRequest['to']): readonly PartPlan[] {
  const plan = planner.plan(to)
  return plan && 'parts' in plan ? plan.parts : []
}

it.each([50_000, 0])(
  'a request has the verdict of the example of its class, with parts of at most %i cells',
  (mostCells) => {
    let compared = 0
    fc.assert(
      fc.property(questions, ({ objects, requests }) => {
        const { mesh } = closed(objects)
        const planner = new Planner([mesh], { mostCells })
        for (const request of requests.map(withAddress)) {
          const parts = partsTo(planner, request.to)
          const form = request.http ? 'http' : 'tcp'
          if (parts.every((part) => part.form !== 'any' && part.form !== form)) continue
          const cell = cellOf(planner, parts, request)
          const part = cell && parts[cell.part]
          if (!part) throw new Error(`${JSON.stringify(request)} has no class`)
          compared++
          const witness = witnessOf(part, request.to, cell.classes)
          expect(evaluateRequest(mesh, witness).verdict).toBe(
            evaluateRequest(mesh, request).verdict,
          )
        }
      }),
      { numRuns: 150 },
    )
    expect(compared).toBeGreaterThan(200)
  },
)

it('every example lies in its class', () => {
  fc.assert(
    fc.property(manifests, fc.nat(), (objects, seed) => {
      const { mesh } = closed(objects)
      const planner = new Planner([mesh])
      for (const target of mesh.get(allDestinations, '').values()) {
        const parts = partsTo(planner, target)
        for (const [index, part] of parts.entries()) {
          const number = seed % cellsOf(part)
          const classes = classesOfCell(part, number)
          expect(cellNumber(part, classes)).toBe(number)
          expect(cellOf(planner, parts, witnessOf(part, target, classes))).toEqual({
            part: index,
            classes,
          })
        }
      }
    }),
    { numRuns: 100 },
  )
})

it('every cell is in exactly one box, and the example of a box is in the box', () => {
  fc.assert(
    fc.property(manifests, (objects) => {
      const { mesh } = closed(objects)
      const planner = new Planner([mesh])
      for (const target of mesh.get(allDestinations, '').values()) {
        const space = spaceOf(planner, target)
        if (typeof space === 'string') continue
        const boxes = accessBoxes(space, () => true)
        for (const [part, plan] of space.parts.entries())
          for (let number = 0; number < cellsOf(plan); number++) {
            const cell = { part, classes: classesOfCell(plan, number) }
            const found = boxes.filter((box) => box.has(cell))
            expect(found.map(({ outcome }) => outcome)).toEqual([
              space.outcomes[plan.cells[number] ?? -1],
            ])
          }
        for (const box of boxes) {
          const cell = cellOf(planner, space.parts, box.witness)
          expect(cell && box.has(cell)).toBe(true)
        }
      }
    }),
    { numRuns: 40 },
  )
})

/** The objects without one, and with one policy of another mesh. */
const edits = fc
  .tuple(manifests, manifests, fc.nat())
  .map(([objects, others, number]): [readonly Manifest[], readonly Manifest[]] => {
    const removed = objects[number % objects.length]
    const policies = others.filter(({ kind }) => kind.endsWith('Policy')).slice(0, 1)
    const added = policies.map((policy) => ({
      ...policy,
      metadata: { ...policy.metadata, name: 'added' },
    }))
    return [objects, [...objects.filter((each) => each !== removed), ...added]]
  })

it('after an edit, the spaces are those of a new analysis', () => {
  fc.assert(
    fc.property(edits, ([before, after]) => {
      const analysis = closed(before)
      const spaces = new AccessSpaces(analysis.mesh)
      const verdicts = (of: AccessSpaces, mesh = analysis.mesh): unknown =>
        [...mesh.get(allDestinations, '')].map(([key, target]) => {
          const space = of.spaceTo(target)
          if (typeof space === 'string') return [key, space]
          const boxes = accessBoxes(space, () => true)
          return [
            key,
            boxes
              .map(({ clients, requests, outcome }) =>
                JSON.stringify([clients, requests, outcome.map(({ verdict }) => verdict)]),
              )
              .sort(),
          ]
        })
      spaces.update()
      verdicts(spaces)
      const [old, current] = [toFiles(before, 1), toFiles(after, 1)]
      analysis.update(
        [...new Set([...Object.keys(old), ...Object.keys(current)])].map((file) => ({
          file,
          text: current[file],
        })),
      )
      spaces.update()
      const fresh = closed(after)
      const anew = new AccessSpaces(fresh.mesh)
      anew.update()
      expect(verdicts(spaces)).toEqual(verdicts(anew, fresh.mesh))
    }),
    { numRuns: 40 },
  )
})

it('a comparison finds every request whose verdict changes, and no other', () => {
  let changed = 0
  fc.assert(
    fc.property(edits, questions, ([before, after], { requests }) => {
      const [old, current] = [closed(before), closed(after)]
      const comparison = compareAccess(old.mesh, current.mesh)
      const destinations = [...old.mesh.get(allDestinations, '').values()].filter((target) =>
        current.mesh.get(allDestinations, '').has(destinationKey(target)),
      )
      for (const to of destinations)
        for (const request of requests.map((each) =>
          withAddress({ ...each, to, http: each.http ?? {} }),
        )) {
          const [was, is] = [old, current].map(({ mesh }) => evaluateRequest(mesh, request).verdict)
          const part = comparison.changeOf(request)
          if (was !== is) changed++
          expect(part?.box.outcome.map(({ verdict }) => verdict)).toEqual(
            was === is ? undefined : [was, is],
          )
        }
    }),
    { numRuns: 60 },
  )
  expect(changed).toBeGreaterThan(20)
})
