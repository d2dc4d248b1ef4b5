import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { matchesAddresses } from '../../ztunnel/attributes.js'
import type { Fix, PlainObject } from '../fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from './newObject.js'
import { toPlainRule } from './plainRule.js'
import { servicePortsOf, withServicePorts } from './portMap.js'
import { waypointTargets, type WaypointTargets } from './waypointTargets.js'

/**
 * The policy `<name>-waypoint` with the same rules for the waypoint. Undefined where a container port has
 * no Service port.
 */
export function waypointCopy(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  targets: WaypointTargets,
): PlainObject | undefined {
  const map = servicePortsOf(mesh, targets.services)
  const rules = policy.rules.flatMap((rule): PlainObject[] => {
    const translated = withServicePorts(rule, map)
    const plain = translated && toPlainRule(translated)
    return plain ? [plain] : []
  })
  if (rules.length !== policy.rules.length) return undefined
  const name = freePolicyName(mesh, policy.namespace, `${policy.name}-waypoint`)
  return authorizationPolicy(metadataBeside(policy, name), {
    targetRefs: targets.refs,
    action: policy.action,
    rules,
  })
}

/**
 * Adds the same DENY for the waypoint and keeps it at ztunnel, for clients that do not use the waypoint.
 * Undefined where the waypoint is not known, or the policy has IP addresses.
 */
export function denyAtWaypointToo(mesh: Mesh, policy: AuthorizationPolicy): Fix | undefined {
  if (policy.action !== 'DENY' || policy.rules.some(matchesAddresses)) return undefined
  const targets = waypointTargets(mesh, policy)
  if (!targets || targets.creationEdits.length > 0) return undefined
  const copy = waypointCopy(mesh, policy, targets)
  return (
    copy && {
      title: 'Keep it at ztunnel and enforce it at the waypoint too',
      preferred: true,
      safe: false,
      edits: [{ op: 'add', after: policy, objects: [copy] }],
    }
  )
}
