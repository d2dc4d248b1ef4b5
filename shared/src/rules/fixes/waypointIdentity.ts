import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'

/** A waypoint with the identity that the destination's ztunnel sees. */
export interface WaypointIdentity {
  readonly name: string
  /** `namespace/serviceAccount`. */
  readonly account: string
}

export function identityOf(mesh: Mesh, gateway: Gateway): WaypointIdentity {
  return {
    name: gateway.name,
    account: `${gateway.namespace}/${mesh.get(gatewayServiceAccount, gateway)}`,
  }
}

/** Whether traffic to a Service can use a waypoint (docs/semantics.md §2.6). */
export function canHaveWaypoint(service: Service): boolean {
  return (
    !service.headless && service.serviceType !== 'ExternalName' && !isEmptyLabels(service.selector)
  )
}
