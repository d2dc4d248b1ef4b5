import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'

export const INBOUND_BINDING = 'ambient.istio.io/waypoint-inbound-binding'

/** Whether a waypoint, or its class, says itself how traffic is handed to it: another listener than the usual one then counts (waypoints.go makeInboundBinding). */
export function hasInboundBinding(mesh: Mesh, { annotations, gatewayClassName }: Gateway): boolean {
  return (
    (annotations?.[INBOUND_BINDING] ??
      mesh.named('GatewayClass', '', gatewayClassName)?.annotations?.[INBOUND_BINDING]) !==
    undefined
  )
}
