import { accessEffect, type AccessEffect } from '../space/accessEffect.js'
import { compareAccessSteps, type AccessComparison } from '../space/compareAccess.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import type { Analysis } from './analysis.js'
import { ClosedMesh, closedMeshOf } from './closedMesh.js'
import { trialMeshOf, type NewTexts } from './fixProof.js'

/**
 * The access of a mesh with earlier texts of some files, compared with the present access: in steps, one for each
 * destination. The analysis must not change between them.
 *
 * @param mostComparisons as for a `Planner`.
 */
export function accessSinceInSteps(
  analysis: Analysis,
  earlier: NewTexts,
  mostComparisons?: number,
): Generator<void, AccessComparison, undefined> {
  const { mesh } = closedMeshOf(analysis)
  // Others use the mesh for trials between the steps.
  return new ClosedMesh(analysis).withChangeInSteps(analysis.preview(earlier), (before) =>
    compareAccessSteps(before, mesh, mostComparisons),
  )
}

/**
 * What the change of each policy since earlier texts opens and closes, with all other objects as they are now. Has only
 * the policies that are different or new.
 */
export function policiesSince(
  analysis: Analysis,
  earlier: NewTexts,
): ReadonlyMap<AuthorizationPolicy, AccessEffect> {
  const { removed, added } = analysis.preview(earlier)
  const closed = closedMeshOf(analysis)
  const effects = new Map<AuthorizationPolicy, AccessEffect>()
  for (const policy of removed) {
    if (policy.type !== 'AuthorizationPolicy') continue
    const was = added.filter(
      (each) => each.type === policy.type && qualifiedName(each) === qualifiedName(policy),
    )
    const change = { removed: [policy], added: was }
    effects.set(
      policy,
      trialMeshOf(analysis).withChange(change, (before) => accessEffect(before, closed.mesh, [])),
    )
  }
  return effects
}
