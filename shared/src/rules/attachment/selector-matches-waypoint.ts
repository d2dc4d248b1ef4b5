import { hasLayeredPolicies } from '../../waypoint/attachment.js'
import { defineRule } from '../rule.js'
import { shownName } from '../support/resourceNames.js'
import {
  targetWaypointInstead,
  waypointIsHere,
  waypointsSelected,
} from '../support/waypointsSelected.js'
import { firstThatFits } from '../support/words.js'

/** What a waypoint reads instead of a selector. */
const REASONS = {
  AuthorizationPolicy: 'waypoints require targetRefs',
  PeerAuthentication: 'waypoints ignore its selector',
  RequestAuthentication: 'waypoints require targetRefs',
  Telemetry: 'waypoints require targetRefs',
  WasmPlugin: 'waypoints require targetRefs',
} as const

export const selectorMatchesWaypoint = defineRule({
  name: 'selector-matches-waypoint',
  level: 'warning',
  subjects: [
    'AuthorizationPolicy',
    'PeerAuthentication',
    'RequestAuthentication',
    'Telemetry',
    'WasmPlugin',
  ],
  reads: ['Gateway', 'Gateway.networking.istio.io', 'GatewayClass', 'MeshConfig', 'Workload'],
  check(policy, { mesh, report }) {
    const isPolicy = policy.type === 'AuthorizationPolicy'
    if (isPolicy && hasLayeredPolicies(mesh)) return
    const waypoints = waypointsSelected(mesh, policy)
    if (!waypoints) return
    const { gateways, certainty } = waypoints
    const [first] = gateways
    const isExtension = !isPolicy && policy.type !== 'PeerAuthentication'
    // `l7-resource-without-waypoint` reports extensions at a waypoint of the files.
    if (isExtension && first) return
    const head = isExtension ? `This ${policy.type} has no effect` : 'This policy is not enforced'
    const reason = REASONS[policy.type]
    report({
      message: firstThatFits(
        ...(first
          ? [`${head}: it selects only pods of waypoint "${shownName(first)}", and ${reason}.`]
          : []),
        `${head}: it selects only pods of waypoints, and ${reason}.`,
      ),
      path: ['spec', 'selector'],
      on: 'key',
      certainties: [certainty],
      related: gateways.slice(0, 3).map(waypointIsHere),
      fixes: () =>
        policy.type === 'PeerAuthentication' ? [] : targetWaypointInstead(policy, waypoints),
    })
  },
})
