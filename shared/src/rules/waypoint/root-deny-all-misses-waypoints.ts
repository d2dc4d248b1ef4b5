import { keys } from '../../inventory/indexKeys.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import type { Fix, PlainObject } from '../fix.js'
import { matchesAddresses } from '../../ztunnel/attributes.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { toPlainRule } from '../fixes/plainRule.js'
import { defineRule } from '../rule.js'
import { isFilledIn } from '../support/filledIn.js'
import { attributesOf } from '../support/ruleAttributes.js'
import { firstThatFits } from '../support/words.js'
import { isEnvoyWaypoint } from '../support/protectedTraffic.js'
import { shownName } from '../support/resourceNames.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import { supports } from '../../vocabulary/releases.js'
import { hasLayeredPolicies } from '../../waypoint/attachment.js'
import { GATEWAY_API } from '../../vocabulary/kinds.js'

export const rootDenyAllMissesWaypoints = defineRule({
  name: 'root-deny-all-misses-waypoints',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'GatewayClass', 'MeshConfig', 'opaque'],
  check(policy, { mesh, report }) {
    const settings = mesh.settings
    const { rootNamespace } = settings
    if (
      policy.namespace !== rootNamespace ||
      !isMeshWide(policy) ||
      mesh.hasOpaque('AuthorizationPolicy') ||
      hasLayeredPolicies(mesh)
    )
      return
    if (
      mesh.at('AuthorizationPolicy', keys.targeting(rootNamespace, 'GatewayClass', WAYPOINT_CLASS))
        .length > 0
    )
      return
    const waypoints = mesh.all('Gateway').filter((gateway) => isEnvoyWaypoint(mesh, gateway))
    const [first, ...others] = waypoints
    if (!first || isCompanion(mesh, policy, waypoints)) return
    const reason = 'waypoints apply only policies with targetRefs'
    report({
      message:
        others.length === 0
          ? firstThatFits(
              `Waypoint "${shownName(first)}" does not enforce this mesh-wide policy: ${reason}.`,
              `The waypoint does not enforce this mesh-wide policy: ${reason}.`,
            )
          : `${String(waypoints.length)} waypoints do not enforce this mesh-wide policy: ${reason}.`,
      path: ['metadata', 'name'],
      related: waypoints.slice(0, 3).map((gateway) => ({
        resource: gateway,
        path: ['metadata', 'name'],
        message: `The waypoint "${shownName(gateway)}".`,
      })),
      fixes: () =>
        supports(settings, 'gatewayClassTargets') ? addPolicyForWaypoints(mesh, policy) : [],
    })
  },
})

/** A policy that denies by default in the whole mesh: a deny-all, or an ALLOW for certain traffic only. */
function isMeshWide(policy: AuthorizationPolicy): boolean {
  if (policy.attachments.length > 0 || isDryRun(policy) || isFilledIn(policy, ['spec']))
    return false
  const matchesEverything = policy.rules.some(
    ({ from, to, when }) => !from?.length && !to?.length && !when?.length,
  )
  return policy.action === 'ALLOW'
    ? !matchesEverything
    : policy.action === 'DENY' && matchesEverything
}

/** Whether an ALLOW allows only waypoints, as the companion of policies at these waypoints. */
function isCompanion(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  waypoints: readonly Gateway[],
): boolean {
  const rules = mesh.get(conversionOf, policy).authorization?.rules ?? []
  const { trustDomain } = mesh.settings
  const peers = rules.map((rule) => namedPeers(rule, trustDomain))
  return (
    policy.action === 'ALLOW' &&
    rules.length > 0 &&
    peers.every(
      (named) =>
        named.length > 0 &&
        named.every(
          ({ exact, identity }) =>
            exact &&
            waypoints.some(
              (gateway) =>
                gateway.namespace === identity.namespace &&
                mesh.get(gatewayServiceAccount, gateway) === identity.serviceAccount,
            ),
        ),
    )
  )
}

/**
 * Adds the same policy for the class of all waypoints. Not for container ports and IP addresses, which do not
 * match there.
 */
function addPolicyForWaypoints(mesh: Mesh, policy: AuthorizationPolicy): Fix[] {
  const rules = policy.rules.map(toPlainRule)
  const complete = rules.flatMap((rule) => rule ?? [])
  const matchesPorts = mesh
    .perQuery(attributesOf, policy)
    .some(({ attribute }) => attribute === 'port')
  if (complete.length < rules.length || matchesPorts || policy.rules.some(matchesAddresses))
    return []
  const spec: PlainObject = {
    targetRefs: [{ kind: 'GatewayClass', group: GATEWAY_API, name: WAYPOINT_CLASS }],
    ...(policy.action === 'DENY' ? { action: 'DENY' } : {}),
    ...(complete.length > 0 ? { rules: complete } : {}),
  }
  const object = authorizationPolicy(
    metadataBeside(policy, freePolicyName(mesh, policy.namespace, `${policy.name}-waypoints`)),
    spec,
  )
  return [
    {
      title: 'Add the same policy for all waypoints',
      activates: 'policy',
      preferred: true,
      safe: false,
      edits: [{ op: 'add', after: policy, objects: [object] }],
    },
  ]
}
