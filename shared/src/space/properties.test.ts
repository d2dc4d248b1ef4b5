import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest } from '../access/request.js'
import {
  egressManifests,
  egressQuestions,
  manifests,
  questions,
  toFiles,
  variedManifests,
  variedQuestions,
  type Manifest,
} from '../testing/generatedMesh.js'
import { analyse } from '../testing/index.js'
import { accessBoxes } from './accessBoxes.js'
import { classesOfCell, witnessOf } from './accessSpace.js'
import { AccessSpaces } from './accessSpaces.js'
import { cellsOf } from './cells.js'
import { cellNumber, cellOf } from './classOf.js'
import { compareAccess, type ChangeKind } from './compareAccess.js'
import { allDestinations, destinationKey } from './destinations.js'
import { Planner, type PartPlan } from './plan.js'
import { spaceOf } from './spaceOf.js'
import { runs } from '../testing/runs.js'

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

/** The kinds of the objects that an edit adds. */
const ADDED = /Policy|ServiceEntry|RequestAuthentication|IstioOperator/

/** The objects without one, and with one policy of another mesh. */
const editsOf = (meshes: typeof manifests) =>
  fc
    .tuple(meshes, meshes, fc.nat())
    .map(([objects, others, number]): [readonly Manifest[], readonly Manifest[]] => {
      const removed = objects[number % objects.length]
      const policies = others
        .filter(({ kind }) => ADDED.test(kind))
        .slice(number % 3, 1 + (number % 3))
      const added = policies.map((policy) => ({
        ...policy,
        metadata: { ...policy.metadata, name: 'added' },
      }))
      return [objects, [...objects.filter((each) => each !== removed), ...added]]
    })

/** The spaces of a mesh that were all evaluated before an edit. */
function afterEdit(before: readonly Manifest[], after: readonly Manifest[]) {
  const analysis = closed(before)
  const spaces = new AccessSpaces(analysis.mesh)
  spaces.update()
  for (const target of analysis.mesh.get(allDestinations, '').values()) spaces.spaceTo(target)
  const [old, current] = [toFiles(before, 1), toFiles(after, 1)]
  analysis.update(
    [...new Set([...Object.keys(old), ...Object.keys(current)])].map((file) => ({
      file,
      text: current[file],
    })),
  )
  spaces.update()
  return { analysis, spaces }
}

describe.each([
  { name: 'a mesh', meshes: manifests, asked: questions },
  { name: 'a mesh with hosts outside of it', meshes: egressManifests, asked: egressQuestions },
  { name: 'a mesh of many kinds', meshes: variedManifests, asked: variedQuestions },
])('$name', ({ meshes, asked }) => {
  it.each([50_000, 0])(
    'a request has the verdict of the example of its class, with parts of at most %i cells',
    (mostCells) => {
      let compared = 0
      fc.assert(
        fc.property(asked, ({ objects, requests }) => {
          const { mesh } = closed(objects)
          const planner = new Planner([mesh], { mostCells })
          for (const request of requests.map(withAddress)) {
            const parts = partsTo(planner, request.to)
            const form = request.http ? 'http' : 'tcp'
            const ways = planner.waysOfClient(request.from)
            const forms = parts.flatMap((part) => (part.ways.has(ways) ? part.form : []))
            if (parts.length === 0) continue
            if (forms.length > 0 && !forms.includes('any') && !forms.includes(form)) continue
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
        { numRuns: runs(10, 4) },
      )
      expect(compared).toBeGreaterThan(runs(13, 4))
    },
  )

  it('every example lies in its class', () => {
    fc.assert(
      fc.property(meshes, fc.nat(), (objects, seed) => {
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
      { numRuns: runs(10, 3) },
    )
  })

  it('every cell is in exactly one box, and the example of a box is in the box', () => {
    fc.assert(
      fc.property(meshes, (objects) => {
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
      { numRuns: runs(4, 3) },
    )
  })

  it('after an edit, the kept spaces have the verdicts of a new analysis', () => {
    fc.assert(
      fc.property(editsOf(meshes), ([before, after]) => {
        const { spaces, analysis } = afterEdit(before, after)
        const fresh = closed(after)
        const planner = new Planner([fresh.mesh])
        expect([...analysis.mesh.get(allDestinations, '').keys()].sort()).toEqual(
          [...fresh.mesh.get(allDestinations, '').keys()].sort(),
        )
        for (const target of fresh.mesh.get(allDestinations, '').values()) {
          const [kept, anew] = [spaces.spaceTo(target), spaceOf(planner, target)]
          if (typeof kept === 'string' || typeof anew === 'string') {
            expect(kept).toBe(anew)
            continue
          }
          for (const space of [kept, anew])
            for (const plan of space.parts)
              for (let number = 0; number < cellsOf(plan); number++) {
                const request = witnessOf(plan, target, classesOfCell(plan, number))
                const cell = cellOf(planner, kept.parts, request)
                const part = cell && kept.parts[cell.part]
                const outcome =
                  part && kept.outcomes[part.cells[cellNumber(part, cell.classes)] ?? -1]
                expect(outcome?.[0]?.verdict).toBe(evaluateRequest(fresh.mesh, request).verdict)
              }
        }
      }),
      { numRuns: runs(4, 3) },
    )
  })

  it('a comparison finds every request whose verdict changes, and no other', () => {
    let changed = 0
    fc.assert(
      fc.property(editsOf(meshes), asked, ([before, after], { requests }) => {
        const [old, current] = [closed(before), closed(after)]
        const comparison = compareAccess(old.mesh, current.mesh)
        const destinations = [...old.mesh.get(allDestinations, '').values()].filter((target) =>
          current.mesh.get(allDestinations, '').has(destinationKey(target)),
        )
        for (const to of destinations)
          for (const request of requests.map((each) =>
            withAddress({ ...each, to, http: each.http ?? {} }),
          )) {
            const [was, is] = [old, current].map(
              ({ mesh }) => evaluateRequest(mesh, request).verdict,
            )
            const part = comparison.changeOf(request)
            if (was !== is) changed++
            expect(part?.box.outcome.map(({ verdict }) => verdict)).toEqual(
              was === is ? undefined : [was, is],
            )
          }
      }),
      { numRuns: runs(10, 4) },
    )
    expect(changed).toBeGreaterThan(runs(1, 4))
  })

  it('a mesh does not differ from itself, and the way back loses what the way gained', () => {
    const reversed = { gained: 'lost', lost: 'gained', undecided: 'undecided' } as const
    fc.assert(
      fc.property(editsOf(meshes), ([before, after]) => {
        const [old, current] = [closed(before), closed(after)]
        expect(compareAccess(old.mesh, closed(before).mesh).changes).toEqual([])
        const there = compareAccess(old.mesh, current.mesh)
        const back = compareAccess(current.mesh, old.mesh)
        const kinds = (changes: typeof there.changes, kindOf = (kind: ChangeKind) => kind) =>
          new Set(changes.map(({ target, kind }) => `${destinationKey(target)} ${kindOf(kind)}`))
        expect(kinds(back.changes)).toEqual(kinds(there.changes, (kind) => reversed[kind]))
        expect([back.added, back.removed, back.same]).toEqual([
          there.removed,
          there.added,
          there.same,
        ])
      }),
      { numRuns: runs(3, 2) },
    )
  })
})

it('after an edit, the spaces are those of a new analysis', () => {
  fc.assert(
    fc.property(editsOf(manifests), ([before, after]) => {
      const { spaces, analysis } = afterEdit(before, after)
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
      const fresh = closed(after)
      const anew = new AccessSpaces(fresh.mesh)
      anew.update()
      expect(verdicts(spaces)).toEqual(verdicts(anew, fresh.mesh))
    }),
    { numRuns: runs(4, 3) },
  )
})
