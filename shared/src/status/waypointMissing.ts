import { query, type Mesh } from '../mesh/mesh.js'
import { visibilityOf } from '../mesh/serviceEntryVisibility.js'
import { waypointOfService } from '../mesh/waypoints.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { CONNECT_STRATEGY } from '../vocabulary/annotations.js'
import { supports } from '../vocabulary/releases.js'
import type { Condition } from './condition.js'

/**
 * `istio.io/WaypointMissing`: a ServiceEntry works only through a waypoint and has none (`model/service.go`
 * GetConditions).
 */
export const waypointMissing = query(
  'WaypointMissing',
  (mesh, entry: ServiceEntry): Condition | undefined => {
    const reason = whyWaypointNeeded(mesh, entry)
    // istiod reports nothing about ServiceEntries that it does not configure.
    if (mesh.get(visibilityOf, entry.namespace) === 'NONE') return undefined
    return reason === undefined || mesh.get(waypointOfService, entry).status === 'bound'
      ? undefined
      : { type: 'istio.io/WaypointMissing', status: 'True', reason, message: MISSING[reason] }
  },
)

function whyWaypointNeeded(
  { settings }: Mesh,
  { annotations, hosts }: ServiceEntry,
): keyof typeof MISSING | undefined {
  const races = annotations?.[CONNECT_STRATEGY]?.toUpperCase() === 'RACE_FIRST_TCP_CONNECT'
  if (races && supports(settings, 'connectStrategy')) return 'NoWaypointForRacingConnectStrategy'
  const isWildcard = hosts.some((host) => host.startsWith('*'))
  return isWildcard && supports(settings, 'waypointMissing')
    ? 'NoWaypointForWildcardService'
    : undefined
}

const MISSING = {
  NoWaypointForWildcardService:
    'ServiceEntry will not apply until it is bound to a valid waypoint.',
  NoWaypointForRacingConnectStrategy:
    'ServiceEntry has a non-default connect strategy but no waypoint bound. A waypoint is required for connect strategies to take effect for ambient clients.',
} as const
