import type { RequestTarget } from '../access/request.js'
import { alternativesOf } from '../mesh/alternatives.js'
import type { Mesh } from '../mesh/mesh.js'
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
 * @param most the most comparisons, at most those of the planner, and the most answers of variants.
 */
export function spaceOf(
  planner: Planner,
  target: RequestTarget,
  restrict: (parts: readonly PartPlan[]) => readonly PartPlan[] = (parts) => parts,
  most: { readonly comparisons: number; readonly answers: number } = {
    comparisons: planner.mostComparisons,
    answers: Infinity,
  },
): AccessSpace | string {
  const plan = planner.plan(target)
  if (!plan) return 'the destination is not in these files'
  if ('tooMany' in plan) return `the policies have too many combinations of ${plan.tooMany} values`
  const parts = restrict(plan.parts)
  const cells = cellsIn(parts)
  if (cells > MOST_CELLS)
    return `the policies tell ${cells} kinds of requests apart, which is more than ${MOST_CELLS}`
  if (comparisonsIn(parts) > most.comparisons)
    return `the policies have too many values to evaluate ${cells} kinds of requests`
  if (answersOfVariantsIn(planner.meshes, parts) > most.answers)
    return `objects have too many definitions to evaluate ${cells} kinds of requests with each of them`
  return judgeCells(planner.meshes, target, parts, plan.regularExpressions)
}

/** The answers that the cells of some parts need where objects have several definitions; 0 where none has. */
export function answersOfVariantsIn(
  meshes: readonly Mesh[],
  parts: readonly Pick<PartPlan, 'dimensions'>[],
): number {
  const cells = cellsIn(parts)
  return meshes.reduce((sum, mesh) => {
    const alternatives = alternativesOf(mesh)
    return alternatives.none ? sum : sum + cells * alternatives.mostChoices
  }, 0)
}
