import type { Mesh } from '../../mesh/mesh.js'
import { ruleTests } from '../../resources/attributeTests.js'
import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { isEmptyLabels } from '../../resources/selector.js'
import { isAddressAtZtunnel } from '../../ztunnel/attributes.js'
import { convertRules } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { Edit, Fix } from '../fix.js'
import { companionPolicy } from './allowOnlyFromWaypoint.js'
import { portMapOf, translatePorts } from './portMap.js'
import { waypointTargets, type WaypointTargets } from './waypointTargets.js'

export interface BindOptions {
  /** Also add the policy that refuses, at ztunnel, what does not come through the waypoint. */
  readonly companion?: boolean
}

/**
 * Moves a policy from ztunnel to the waypoint of what it covers: `targetRefs` instead of `selector`, container ports turned into Service ports. Creates the waypoint where
 * there is none. Undefined where the files do not show what to bind to, or the policy means something else at a waypoint (addresses never match there).
 */
export function bindToWaypoint(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { companion = false }: BindOptions = {},
): Fix | undefined {
  if (policy.rules.some(speaksOfAddresses)) return undefined
  const targets = waypointTargets(mesh, policy)
  if (
    !targets ||
    (companion && (targets.waypoints.length === 0 || targets.refs[0]?.['kind'] === 'GatewayClass'))
  )
    return undefined
  const ports = translatePorts(policy, portMapOf(mesh, targets.services))
  if (!ports) return undefined
  const edits: Edit[] = [...attach(policy, targets), ...ports, ...targets.creation]
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
  return {
    title: titleOf(targets, companion),
    preferred: true,
    safe: stopsNothing(policy) && targets.creation.length === 0 && !companion,
    edits,
  }
}

function attach(policy: AuthorizationPolicy, { refs }: WaypointTargets): Edit[] {
  return [
    ...(policy.selector
      ? [{ op: 'remove' as const, resource: policy, path: ['spec', 'selector'] }]
      : []),
    { op: 'set', resource: policy, path: ['spec', 'targetRefs'], value: refs },
  ]
}

function titleOf({ creation }: WaypointTargets, companion: boolean): string {
  const title = 'Bind to waypoint via targetRefs'
  const more = [
    ...(creation.length > 0 ? ['create the waypoint'] : []),
    ...(companion ? ['allow only traffic from it'] : []),
  ]
  return more.length === 0 ? title : [title, ...more].join(', ')
}

/** Whether a rule asks for addresses: a waypoint sees neither the client's nor the pod's (docs/semantics.md §3.9, §7). */
export function speaksOfAddresses(rule: Rule): boolean {
  return ruleTests(rule)
    .flat()
    .some(({ attribute }) => isAddressAtZtunnel(attribute))
}

/** Whether ztunnel enforces nothing of a policy, so that moving it cannot admit what was refused. */
function stopsNothing(policy: AuthorizationPolicy): boolean {
  if (policy.action === 'ALLOW') return false
  return policy.action !== 'DENY' || convertRules(policy).every((rule) => !rule.effective)
}
