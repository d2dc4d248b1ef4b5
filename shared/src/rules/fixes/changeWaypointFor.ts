import type { Gateway } from '../../resources/gateway.js'
import type { Fix } from '../fix.js'
import { WAYPOINT_FOR } from '../../vocabulary/labels.js'

/** Makes a waypoint serve a kind of traffic; the label on the Gateway counts before its class's. More traffic passes its policies then, so it is the user's choice. */
export function changeWaypointFor(gateway: Gateway, value: 'service' | 'workload' | 'all'): Fix {
  return {
    title: `Change ${WAYPOINT_FOR} to "${value}"`,
    preferred: true,
    safe: false,
    edits: [{ op: 'set', resource: gateway, path: ['metadata', 'labels', WAYPOINT_FOR], value }],
  }
}
