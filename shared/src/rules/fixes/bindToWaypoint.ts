import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isEmptyLabels } from '../../resources/selector.js'
import { matchesAddresses } from '../../ztunnel/attributes.js'
import { convertRules } from '../../ztunnel/convertAuthorizationPolicy.js'
import { titleWithEffect, type Edit, type Fix } from '../fix.js'
import { companionPolicy } from './allowOnlyFromWaypoint.js'
import { hasOtherWay, othersAllow, othersAllowAtWaypoint } from './otherWays.js'
import { servicePortsOf, translatePorts } from './portMap.js'
import { waypointTargets, type WaypointTargets } from './waypointTargets.js'

export interface BindOptions {
  /** Also add the policy that allows only traffic from the waypoint at ztunnel. */
  readonly companion?: boolean
}

/**
 * Moves a policy from ztunnel to the waypoint of its workloads: replaces `selector` with `targetRefs`, and
 * container ports with Service ports. Creates the waypoint where there is none. Undefined where the files
 * show no target, or where the policy has IP addresses, which never match at a waypoint. With the companion
 * policy also undefined where another way to the workloads would be open.
 *
 * Preferred only where it opens nothing: with the companion policy, or where ztunnel denies nothing
 * because of the policy; and not beside other ALLOW policies of the waypoint, which allow more.
 */
export function bindToWaypoint(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { companion = false }: BindOptions = {},
): Fix | undefined {
  if (policy.rules.some(matchesAddresses)) return undefined
  const targets = waypointTargets(mesh, policy)
  if (!targets || (companion && !canClose(mesh, policy, targets))) return undefined
  const ports = translatePorts(policy, servicePortsOf(mesh, targets.services))
  if (!ports) return undefined
  const edits: Edit[] = [...attach(policy, targets), ...ports, ...targets.creationEdits]
  if (companion) {
    const labels = isEmptyLabels(policy.selector?.matchLabels)
      ? undefined
      : policy.selector?.matchLabels
    edits.push({
      op: 'add',
      after: policy,
      objects: [companionPolicy(mesh, { beside: policy, labels, waypoints: targets.waypoints })],
    })
  }
  const opens = !companion && !deniesNothing(policy)
  const joins = policy.action === 'ALLOW' && othersAllowAtWaypoint(mesh, targets)
  return {
    ...titleWithEffect(
      titleOf(targets, { companion, opens }),
      opens ? BYPASSES : joins ? JOINS : undefined,
    ),
    activates: 'policy',
    preferred: !opens && !joins,
    safe: policy.action !== 'ALLOW' && !opens && targets.creationEdits.length === 0 && !companion,
    edits,
  }
}

/** Whether the companion policy denies all traffic to which the moved policy does not apply. */
function canClose(mesh: Mesh, policy: AuthorizationPolicy, targets: WaypointTargets): boolean {
  return (
    targets.waypoints.length > 0 &&
    !hasOtherWay(mesh, policy, targets) &&
    (policy.action === 'ALLOW' ||
      deniesNothing(policy) ||
      !othersAllow(mesh, policy, targets.waypoints))
  )
}

function attach(policy: AuthorizationPolicy, { refs }: WaypointTargets): Edit[] {
  return [
    ...(policy.selector
      ? [{ op: 'remove' as const, resource: policy, path: ['spec', 'selector'] }]
      : []),
    { op: 'set', resource: policy, path: ['spec', 'targetRefs'], value: refs },
  ]
}

const BYPASSES = 'clients that bypass it are then allowed'
const JOINS = 'what its other ALLOW policies allow is then allowed'

function titleOf(
  { creationEdits }: WaypointTargets,
  { companion, opens }: { readonly companion: boolean; readonly opens: boolean },
): string {
  if (creationEdits.length > 0)
    return companion
      ? 'Create a waypoint, enforce the policy there and allow only traffic from the waypoint'
      : `Create a waypoint and enforce the policy ${opens ? 'only ' : ''}there`
  return companion
    ? 'Enforce at the waypoint and allow only traffic from the waypoint'
    : 'Enforce at the waypoint with targetRefs'
}

/** Whether a policy denies nothing at ztunnel. Moving it to a waypoint then allows nothing new. */
function deniesNothing(policy: AuthorizationPolicy): boolean {
  if (policy.selector && isEmptyLabels(policy.selector.matchLabels)) return true
  if (policy.action === 'ALLOW') return false
  return policy.action !== 'DENY' || convertRules(policy).every((rule) => !rule.effective)
}
