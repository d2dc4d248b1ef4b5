// Access spaces: every request must have the verdict of the example of its class, and after edits the kept spaces must
// be those of a new analysis.
import fc from 'fast-check'
import { evaluateRequest } from '../../shared/src/access/evaluateRequest.ts'
import { classesOfCell, witnessOf } from '../../shared/src/space/accessSpace.ts'
import { AccessSpaces } from '../../shared/src/space/accessSpaces.ts'
import { cellsOf } from '../../shared/src/space/cells.ts'
import { cellNumber, cellOf } from '../../shared/src/space/classOf.ts'
import { allDestinations, destinationKey } from '../../shared/src/space/destinations.ts'
import { Planner } from '../../shared/src/space/plan.ts'
import { spaceOf } from '../../shared/src/space/spaceOf.ts'
import { analyse } from '../../shared/src/testing/checkFiles.ts'
import { egressManifests, egressQuestions } from '../../shared/src/testing/generatedMesh.ts'

const SEEDS = 2 ** 31 - 1
/** The requests of this number of samples are sent to one mesh. */
const SAMPLES = 8
const STEPS = 6

const sample = (arbitrary, random, numRuns) =>
  fc.sample(arbitrary, { seed: random.below(SEEDS), numRuns })
const show = ({ context, parts }) => JSON.stringify({ parts, ...context }, undefined, 1)

/** Requests with equal vectors have equal verdicts: the one of the example of their class. */
export const classes = {
  name: 'classes',
  count: 100_000,
  draw(random) {
    const drawn = sample(egressQuestions, random, SAMPLES)
    const requests = drawn.flatMap((each) => each.requests.map(withAddress))
    return {
      context: { requests, mostCells: random.pick([50_000, 0]) },
      parts: drawn[0].objects,
      units: requests.length,
    }
  },
  check({ context: { requests, mostCells }, parts }) {
    const { mesh } = analyse(filesOf(parts), { world: 'closed' })
    const planner = new Planner([mesh], { mostCells })
    const plans = new Map()
    const destinations = [...mesh.get(allDestinations, '').values()]
    for (const [number, { to: asked, ...rest }] of requests.entries()) {
      // Most requests were drawn for another mesh.
      const isKnown = mesh.get(allDestinations, '').has(destinationKey(asked))
      const request = { ...rest, to: isKnown ? asked : destinations[number % destinations.length] }
      if (!request.to) continue
      const key = destinationKey(request.to)
      if (!plans.has(key)) plans.set(key, planner.plan(request.to)?.parts ?? [])
      const plan = plans.get(key)
      const form = request.http ? 'http' : 'tcp'
      // A plain connection to a port that is declared as HTTP proves nothing.
      const ways = planner.waysOfClient(request.from)
      const forms = plan.flatMap((part) => (part.ways.has(ways) ? part.form : []))
      if (
        plan.length === 0 ||
        (forms.length > 0 && !forms.includes('any') && !forms.includes(form))
      )
        continue
      const cell = cellOf(planner, plan, request)
      if (!cell) return `No class has a request: ${JSON.stringify(request)}`
      const witness = witnessOf(plan[cell.part], request.to, cell.classes)
      const [is, ofClass] = [request, witness].map((each) => evaluateRequest(mesh, each).verdict)
      if (is !== ofClass)
        return `The verdict of a request is ${is}, of its class ${ofClass}: ${JSON.stringify([request, witness])}`
    }
    return undefined
  },
  show,
}

/** After each edit, the spaces that are kept have the verdicts of a new analysis. */
export const spaces = {
  name: 'spaces',
  count: 2_000,
  draw(random) {
    const [objects, others] = sample(egressManifests, random, 2)
    const steps = Array.from({ length: STEPS }, () => {
      const index = random.below(objects.length)
      return {
        file: `${index}.yaml`,
        object: random.pick([undefined, objects[index], random.pick(others)]),
      }
    })
    return { context: { objects }, parts: steps, units: steps.length }
  },
  check({ context: { objects }, parts }) {
    const files = new Map(Object.entries(filesOf(objects)))
    const analysis = analyse(Object.fromEntries(files), { world: 'closed' })
    const kept = new AccessSpaces(analysis.mesh)
    const evaluateAll = () => {
      kept.update()
      for (const target of analysis.mesh.get(allDestinations, '').values()) kept.spaceTo(target)
    }
    evaluateAll()
    for (const { file, object } of parts) {
      const text = object === undefined ? undefined : JSON.stringify(object)
      if (text === undefined) files.delete(file)
      else files.set(file, text)
      analysis.update([{ file, text }])
      evaluateAll()
    }
    return differenceBetween(kept, analyse(Object.fromEntries(files), { world: 'closed' }).mesh)
  },
  show,
}

/** The first cell, of the kept or of the new spaces, of which the kept verdict is wrong. */
function differenceBetween(kept, mesh) {
  const planner = new Planner([mesh])
  for (const target of mesh.get(allDestinations, '').values()) {
    const [old, anew] = [kept.spaceTo(target), spaceOf(planner, target)]
    if (typeof old === 'string' || typeof anew === 'string') {
      if (old !== anew) return `Only one space of ${destinationKey(target)} is evaluated.`
      continue
    }
    for (const { parts } of [old, anew])
      for (const plan of parts)
        for (let number = 0; number < cellsOf(plan); number++) {
          const request = witnessOf(plan, target, classesOfCell(plan, number))
          const cell = cellOf(planner, old.parts, request)
          const part = cell && old.parts[cell.part]
          const outcome = part && old.outcomes[part.cells[cellNumber(part, cell.classes)]]
          const { verdict } = evaluateRequest(mesh, request)
          if (outcome?.[0]?.verdict !== verdict)
            return `The kept verdict is ${outcome?.[0]?.verdict}, and not ${verdict}: ${JSON.stringify(request)}`
        }
  }
  return undefined
}

function filesOf(objects) {
  return Object.fromEntries(
    objects.map((object, index) => [`${index}.yaml`, JSON.stringify(object)]),
  )
}

/** The verdict of a request without an address can depend on it. */
function withAddress(request) {
  const { ip } = request.from
  return { ...request, from: { ...request.from, ip: ip?.includes('.') ? ip : '203.0.113.9' } }
}
