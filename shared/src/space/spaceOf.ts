import type { RequestTarget } from '../access/request.js'
import { judgeCells, type AccessSpace } from './accessSpace.js'
import { cellsIn, comparisonsIn, MOST_CELLS } from './cells.js'
import type { PartPlan, Planner } from './plan.js'

/** A destination whose requests are too many to evaluate. */
export interface NotCompared {
  readonly target: RequestTarget
  readonly reason: string
}

/**
 * The space of a destination, or why it is not evaluated.
 *
 * @param restrict the parts that are wanted.
 * @param mostComparisons at most that of the planner.
 */
export function spaceOf(
  planner: Planner,
  target: RequestTarget,
  restrict: (parts: readonly PartPlan[]) => readonly PartPlan[] = (parts) => parts,
  mostComparisons = planner.mostComparisons,
): AccessSpace | string {
  const plan = planner.plan(target)
  if (!plan) return 'the destination is not in these files'
  if ('tooMany' in plan) return `the policies have too many combinations of ${plan.tooMany} values`
  const parts = restrict(plan.parts)
  const cells = cellsIn(parts)
  if (cells > MOST_CELLS)
    return `the policies tell ${cells} kinds of requests apart, which is more than ${MOST_CELLS}`
  if (comparisonsIn(parts) > mostComparisons)
    return `the policies have too many values to evaluate ${cells} kinds of requests`
  return judgeCells(planner.meshes, target, parts, plan.regularExpressions)
}
