import { CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { classRole, enforcesPolicies } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { servicesOfWaypoint, waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import type { Target } from '../../waypoint/attachment.js'

/** The traffic that a targetRef protects: Services and ServiceEntries behind one Envoy waypoint. */
export interface ProtectedTraffic {
  readonly gateway: Gateway
  /** True for all traffic of the waypoint, false for one Service's. */
  readonly allTraffic: boolean
  readonly targets: readonly (Service | ServiceEntry)[]
  readonly certainty: KnownCertainty
}

/** Undefined for ingress Gateways, for classes that do not run Istio's Envoy, and for targets without a waypoint. */
export function protectedTraffic(mesh: Mesh, target: Target): ProtectedTraffic | undefined {
  switch (target.kind) {
    case 'Gateway': {
      const { gateway } = target
      return isEnvoyWaypoint(mesh, gateway)
        ? {
            gateway,
            allTraffic: true,
            targets: mesh.get(servicesOfWaypoint, gateway),
            certainty: CERTAIN,
          }
        : undefined
    }
    case 'Service':
    case 'ServiceEntry': {
      const binding = mesh.get(waypointOfService, target.service)
      if (binding.status !== 'bound' || !isEnvoyWaypoint(mesh, binding.gateway)) return undefined
      const { gateway, certainty } = binding
      return { gateway, allTraffic: false, targets: [target.service], certainty }
    }
    default:
      return undefined
  }
}

/** Whether a Gateway is a waypoint that runs Istio's Envoy. */
export function isEnvoyWaypoint(mesh: Mesh, { gatewayClassName }: Gateway): boolean {
  return (
    gatewayClassName === WAYPOINT_CLASS ||
    (mesh.get(classRole, gatewayClassName) === 'waypoint' &&
      mesh.get(enforcesPolicies, gatewayClassName) &&
      mesh.named('GatewayClass', '', gatewayClassName) !== undefined)
  )
}
