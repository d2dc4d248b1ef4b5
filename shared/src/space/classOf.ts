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
  const part = parts.findIndex(
    (each) => each.ways.has(ways) && (each.form === 'any' || each.form === form),
  )
  const plan = parts[part]
  if (!plan) return undefined
  const classes = plan.dimensions.map(({ name, atoms, classes: all }) => {
    const vector =
      name === 'client' ? clientVector(plan.sides, request) : plainVector(atoms, request)
    return all.findIndex((each) => each.vector === vector)
  })
  return classes.includes(-1) ? undefined : { part, classes }
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
