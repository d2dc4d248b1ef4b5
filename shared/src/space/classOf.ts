import type { AccessRequest } from '../access/request.js'
import type { PartPlan, Planner } from './plan.js'
import { clientVector, plainVector } from './dimension.js'

/** The cell of a request: the classes of its values, one for each dimension of a part. */
export interface RequestCell {
  /** Index in the parts of the plan or space. */
  readonly part: number
  readonly classes: readonly number[]
}

/**
 * The cell of a request. Undefined for a request that proves nothing certain: one without an address where the address
 * decides, and a plain connection to a port that is declared as HTTP.
 */
export function cellOf(
  planner: Planner,
  parts: readonly PartPlan[],
  request: AccessRequest,
): RequestCell | undefined {
  const ways = planner.waysOfClient(request.from)
  const form = request.http ? 'http' : 'tcp'
  for (const [part, plan] of parts.entries()) {
    if (!plan.ways.has(ways) || (plan.form !== 'any' && plan.form !== form)) continue
    const classes = plan.dimensions.map(({ name, atoms, classes: all }) => {
      const vector =
        name === 'client' ? clientVector(plan.sides, request) : plainVector(atoms, request)
      return all.findIndex((each) => each.vector === vector)
    })
    if (!classes.includes(-1)) return { part, classes }
  }
  return undefined
}

/** The index of a cell among the cells of its part. */
export function cellNumber(
  { dimensions }: Pick<PartPlan, 'dimensions'>,
  classes: readonly number[],
): number {
  return dimensions.reduce(
    (number, dimension, index) => number * dimension.classes.length + (classes[index] ?? 0),
    0,
  )
}
