import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestTarget } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { cellsOf } from './cells.js'
import { joinPatches, type RequestPatch } from './candidate.js'
import { judgementKey, judgementOf, type Judgement } from './decider.js'
import { requestOf, type Dimension, type RequestClass } from './dimension.js'
import type { PartPlan } from './plan.js'

/** What the meshes do with a cell: one judgement for each mesh. */
export type Outcome = readonly Judgement[]

/** The cells of the clients that get to a destination in the same way. */
export interface SpacePart extends PartPlan {
  /** For each cell its index in `outcomes`; the last dimension varies fastest. */
  readonly cells: Uint16Array
}

/** All requests to one destination, in one mesh or in a mesh before and after a change. */
export interface AccessSpace {
  readonly target: RequestTarget
  readonly parts: readonly SpacePart[]
  readonly outcomes: readonly Outcome[]
  /** What is not exact. */
  readonly assumptions: readonly string[]
}

/** Evaluates the witness of every cell. */
export function judgeCells(
  meshes: readonly Mesh[],
  target: RequestTarget,
  plans: readonly PartPlan[],
  regularExpressions: readonly string[] = [],
): AccessSpace {
  const outcomes: Outcome[] = []
  const indexOf = new Map<string, number>()
  const judge = (request: AccessRequest): number => {
    const outcome = meshes.map((mesh) => judgementOf(evaluateRequest(mesh, request)))
    const key = outcome.map(judgementKey).join('\n')
    const known = indexOf.get(key)
    if (known !== undefined) return known
    indexOf.set(key, outcomes.length)
    return outcomes.push(outcome) - 1
  }
  const parts = plans.map((plan): SpacePart => {
    const cells = new Uint16Array(cellsOf(plan))
    let next = 0
    const visit = (patch: RequestPatch, [first, ...others]: readonly Dimension[]): void => {
      if (!first) cells[next++] = judge(requestOf(target, patch))
      else for (const { witness } of first.classes) visit(joinPatches(patch, witness), others)
    }
    visit(plan.base, plan.dimensions)
    return { ...plan, cells }
  })
  return {
    target,
    parts,
    outcomes,
    assumptions: regularExpressions.map(
      (expression) =>
        `all texts that the regular expression ${expression} of a route matches have the same verdict as its example`,
    ),
  }
}

/** The classes of a cell, in the order of the dimensions. */
export function classesOfCell(
  { dimensions }: Pick<PartPlan, 'dimensions'>,
  cell: number,
): number[] {
  const chosen: number[] = []
  let rest = cell
  for (const { classes } of [...dimensions].reverse()) {
    chosen.unshift(rest % classes.length)
    rest = Math.floor(rest / classes.length)
  }
  return chosen
}

/** The request that stands for some classes, one of each dimension. */
export function witnessOf(
  { base, dimensions }: PartPlan,
  target: RequestTarget,
  chosen: readonly number[],
): AccessRequest {
  const patch = dimensions.reduce<RequestPatch>((joined, { classes }, index) => {
    const found: RequestClass | undefined = classes[chosen[index] ?? 0]
    return found ? joinPatches(joined, found.witness) : joined
  }, base)
  const request = requestOf(target, patch)
  const { http } = request
  return http ? { ...request, http: { method: 'GET', path: '/', ...http } } : request
}
