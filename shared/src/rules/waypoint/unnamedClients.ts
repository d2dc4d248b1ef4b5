import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Source } from '../../resources/authorizationPolicy.js'
import { SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import { isCertificateAttribute } from '../../vocabulary/attributes.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import type { WaypointChain } from '../../waypoint/attachment.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { unnamedIdentityIn } from '../../ztunnel/namedPeers.js'
import { matchesIdentity, mayMatch } from '../support/identityAtWaypoint.js'

/** Fields about the identity in a client's certificate. */
const IDENTITY_FIELDS = SOURCE_FIELDS.filter(({ attribute }) => isCertificateAttribute(attribute))

/**
 * Whether a policy other than `except` may deny, at a waypoint, every client that no policy names: a DENY
 * policy with conditions on identity only, ALLOW policies that name all clients that they allow, a CUSTOM
 * policy, or a policy with values that another tool fills in.
 */
export function mayDenyUnnamedClients(
  mesh: Mesh,
  chain: WaypointChain,
  except: AuthorizationPolicy,
): boolean {
  const identity = unnamedIdentityIn(mesh.settings.trustDomain)
  const policies = policiesAtWaypoint(mesh, chain).filter((policy) => !isDryRun(policy))
  const allowing = policies.filter(({ action }) => action === 'ALLOW')
  if (allowing.length > 0 && !allowing.some((policy) => mayMatch(mesh, policy, identity)))
    return true
  return policies.some((policy) => {
    if (policy === except) return false
    if (policy.action === 'CUSTOM' || policy.placeholders.length > 0) return true
    const rules = policy.rules.filter(
      ({ from, to, when }) =>
        !to && !when && from?.every((source) => source && hasOnlyIdentityFields(source)),
    )
    return policy.action === 'DENY' && matchesIdentity(mesh, { ...policy, rules }, identity)
  })
}

function hasOnlyIdentityFields(source: Source): boolean {
  return Object.keys(source).every((field) =>
    IDENTITY_FIELDS.some((known) => known.field === field),
  )
}
