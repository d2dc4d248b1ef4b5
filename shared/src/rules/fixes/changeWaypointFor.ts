import type { Gateway } from '../../resources/gateway.js'
import type { Fix } from '../fix.js'
import { WAYPOINT_FOR } from '../../vocabulary/labels.js'

/** Changes the traffic that a waypoint serves. Not safe: its policies then apply to more traffic. */
export function changeWaypointFor(gateway: Gateway, value: 'service' | 'workload' | 'all'): Fix {
  return {
    title: `Change ${WAYPOINT_FOR} of "${gateway.name}" to "${value}"`,
    activates: 'waypoint',
    preferred: true,
    safe: false,
    edits: [{ op: 'set', resource: gateway, path: ['metadata', 'labels', WAYPOINT_FOR], value }],
  }
}
