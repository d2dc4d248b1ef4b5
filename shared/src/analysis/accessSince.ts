import { accessEffect, type AccessEffect } from '../space/accessEffect.js'
import { compareAccess, type AccessComparison } from '../space/compareAccess.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import type { Analysis } from './analysis.js'
import { closedMeshOf } from './closedMesh.js'
import { trialMeshOf, type NewTexts } from './fixProof.js'

/** The access of a mesh with earlier texts of some files, compared with the present access. */
export function accessSince(analysis: Analysis, earlier: NewTexts): AccessComparison {
  const { mesh } = closedMeshOf(analysis)
  return trialMeshOf(analysis).withChange(analysis.preview(earlier), (before) =>
    compareAccess(before, mesh),
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
