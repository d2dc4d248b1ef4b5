import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, Verdict } from '../access/request.js'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse } from '../testing/index.js'
import { sampled } from '../testing/runs.js'
import { getOrInsert } from '../text/collections.js'
import { witnessOf } from './accessSpace.js'
import { cellsIn, MOST_CELLS } from './cells.js'
import { cellOf } from './classOf.js'
import { destinationKey } from './destinations.js'
import { Planner, type PartPlan } from './plan.js'

interface MeshVector {
  name: string
  files: Record<string, string>
  requests: (AccessRequest & { id: string; verdict: Verdict })[]
}

/**
 * The requests without a class, or in a class whose witness has another verdict.
 *
 * @param options.ignored the start of the name of a dimension whose classes are taken for one.
 * @param options.mostCells parts with more cells are split.
 */
function wrongClasses(
  { name, files, requests }: MeshVector,
  { ignored = 'none', mostCells = MOST_CELLS } = {},
): string[] {
  const { mesh } = analyse(files, { world: 'closed' })
  const planner = new Planner([mesh], { mostCells })
  const plans = new Map<string, readonly PartPlan[]>()
  const partsTo = (to: AccessRequest['to']): readonly PartPlan[] =>
    getOrInsert(plans, destinationKey(to), () => {
      const plan = planner.plan(to)
      return plan && 'parts' in plan ? plan.parts : []
    })
  const verdictOfClass = (request: AccessRequest): Verdict | 'no class' => {
    const parts = partsTo(request.to)
    const cell = cellOf(planner, parts, request)
    const part = cell && parts[cell.part]
    if (!part) return 'no class'
    const classes = part.dimensions.map((dimension, index) =>
      dimension.name.startsWith(ignored) ? 0 : (cell.classes[index] ?? 0),
    )
    return evaluateRequest(mesh, witnessOf(part, request.to, classes)).verdict
  }
  const wrong = requests.flatMap((request) => {
    const verdict = verdictOfClass(request)
    return verdict === request.verdict ? [] : [`${name} ${JSON.stringify(request)}: ${verdict}`]
  })
  const large = [...plans].filter(([, parts]) => cellsIn(parts) > MOST_CELLS)
  return [...wrong, ...large.map(([key]) => `${name} ${key} has too many cells`)]
}

it('every request of waypoint-l7 has a class with the right verdict if all parts are split', () => {
  const wrong = sampled(readVectors<MeshVector>('waypoint-l7'), 10).flatMap((vector) =>
    wrongClasses(vector, { mostCells: 0 }),
  )
  expect(wrong.slice(0, 5)).toEqual([])
})

for (const file of ['mesh-worlds', 'mesh-worlds-1.31', 'waypoint-l7', 'egress']) {
  it(`every request of ${file} has a class with the verdict of the proxies`, () => {
    const vectors = sampled(readVectors<MeshVector>(file), 4)
    const wrong = vectors.flatMap((vector) => wrongClasses(vector))
    expect(wrong.slice(0, 5)).toEqual([])
  })
}

it.each(['client', 'address', 'method', 'path', 'host', 'header', 'token'])(
  'without the classes of the dimension %s, some request has the wrong verdict',
  (dimension) => {
    const vectors = readVectors<MeshVector>('waypoint-l7').slice(0, 40)
    expect(vectors.some((vector) => wrongClasses(vector, { ignored: dimension }).length > 0)).toBe(
      true,
    )
  },
)
