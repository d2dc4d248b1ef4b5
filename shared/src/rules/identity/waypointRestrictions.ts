import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { Identity } from '../../vocabulary/principal.js'
import { mayMatch } from '../support/identityAtWaypoint.js'
import { restrictsIdentity } from '../support/identityFields.js'
import type { WaypointPath } from '../support/waypointPaths.js'

/** The policies that a waypoint enforces on a path. AUDIT policies only log. */
function policiesOn(mesh: Mesh, { gateway, service }: WaypointPath): AuthorizationPolicy[] {
  return policiesAtWaypoint(mesh, { gateway, service }).filter(
    (policy) => policy.action !== 'AUDIT' && !isDryRun(policy),
  )
}

/**
 * Whether a policy at the waypoint restricts clients by identity, or may do so: an external
 * authorizer may use the identity.
 */
export function restrictsByIdentity(mesh: Mesh, path: WaypointPath): boolean {
  return policiesOn(mesh, path).some(
    (policy) =>
      policy.action === 'CUSTOM' || policy.placeholders.length > 0 || restrictsIdentity(policy),
  )
}

/** Whether a policy at the waypoint denies some requests of a client, or may do so. */
export function mayDeny(mesh: Mesh, path: WaypointPath, identity: Identity): boolean {
  const policies = policiesOn(mesh, path)
  if (policies.some((policy) => policy.action === 'CUSTOM' || policy.placeholders.length > 0))
    return true
  const canMatch = (policy: AuthorizationPolicy): boolean => mayMatch(mesh, policy, identity)
  const allowing = policies.filter((policy) => policy.action === 'ALLOW')
  return (
    policies.some((policy) => policy.action === 'DENY' && canMatch(policy)) ||
    (allowing.length > 0 && !allowing.some(canMatch))
  )
}
