import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import { WAYPOINT_INBOUND_BINDING } from '../../vocabulary/annotations.js'

/**
 * Whether a waypoint or its class configures its inbound traffic. Another listener can then be used
 * (waypoints.go makeInboundBinding).
 */
export function hasInboundBinding(mesh: Mesh, { annotations, gatewayClassName }: Gateway): boolean {
  return (
    (annotations?.[WAYPOINT_INBOUND_BINDING] ??
      mesh.named('GatewayClass', '', gatewayClassName)?.annotations?.[WAYPOINT_INBOUND_BINDING]) !==
    undefined
  )
}
