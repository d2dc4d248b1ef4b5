import { canaryBinding } from '../mesh/canary.js'
import { namespaceLabels } from '../mesh/namespaceEnrolment.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { gatewayServiceAccount } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import { parseBool } from '../text/goValues.js'
import { workloadsOfService } from '../mesh/services.js'
import { waypointOfService, waypointOfWorkload } from '../mesh/waypoints.js'
import type { Gateway } from '../resources/gateway.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { Identity } from '../vocabulary/principal.js'
import type { WaypointChain } from '../waypoint/attachment.js'
import type { Client } from './client.js'
import type { KnownDestination } from './destination.js'
import { INGRESS_USE_WAYPOINT } from '../vocabulary/labels.js'

/**
 * The routes of a request: through a waypoint, or (undefined) directly to the pods. Two routes if a canary waypoint
 * takes a share of the connections (docs/semantics.md §2.4, §2.5).
 */
export function routesTo(
  mesh: Mesh,
  client: Client,
  destination: KnownDestination,
): readonly (WaypointChain | undefined)[] {
  if (client.kind !== 'ambient' && client.kind !== 'ingress') return [undefined]
  if (destination.kind === 'service' && hasAddress(destination.service)) {
    if (client.kind === 'ingress' && !ingressUsesWaypoint(mesh, destination.service))
      return [undefined]
    return chainsOf(mesh, destination.service)
  }
  if (client.kind !== 'ambient') return [undefined]
  const binding =
    destination.kind === 'workload'
      ? mesh.get(waypointOfWorkload, destination.backend.workload)
      : undefined
  return [
    binding?.status === 'bound' ? { gateway: binding.gateway, service: undefined } : undefined,
  ]
}

function chainsOf(
  mesh: Mesh,
  service: Service | ServiceEntry,
): readonly (WaypointChain | undefined)[] {
  const binding = mesh.get(waypointOfService, service)
  // ztunnel does not know the Services of a namespace that istiod does not see.
  if (binding.status !== 'bound' || !mesh.get(isDiscovered, service.namespace)) return [undefined]
  const primary = { gateway: binding.gateway, service }
  const canary = mesh.get(canaryBinding, service)
  if (canary.status !== 'bound' || canary.weight === 0) return [primary]
  const second = { gateway: canary.gateway, service }
  return canary.weight === 100 ? [second] : [primary, second]
}

/**
 * The destinations that a client connects to: the pods of a headless Service, on the Service's port, else the
 * destination itself. An ingress gateway balances over the endpoints itself.
 */
export function resolveEndpoints(
  mesh: Mesh,
  client: Client,
  destination: KnownDestination,
): readonly KnownDestination[] {
  if (
    destination.kind === 'workload' ||
    client.kind === 'ingress' ||
    hasAddress(destination.service)
  )
    return [destination]
  return mesh.get(workloadsOfService, destination.service).map((workload): KnownDestination => ({
    kind: 'workload',
    backend: { workload, port: destination.port },
  }))
}

/** False for a headless Service: its clients connect to the pods. */
export function hasAddress(service: Service | ServiceEntry): boolean {
  return service.type === 'ServiceEntry' || !service.headless
}

/**
 * `istio.io/ingress-use-waypoint` of the Service, else of its Namespace; an invalid value means no (docs/semantics.md
 * §2.5).
 */
export function ingressUsesWaypoint(mesh: Mesh, service: Service | ServiceEntry): boolean {
  const label =
    service.labels?.[INGRESS_USE_WAYPOINT] ??
    mesh.get(namespaceLabels, service.namespace)?.[INGRESS_USE_WAYPOINT]
  return (
    label !== undefined &&
    parseBool(label) === true &&
    mesh.settings.flag('ENABLE_INGRESS_WAYPOINT_ROUTING')
  )
}

/** The identity of a waypoint, which the ztunnels behind it see (docs/semantics.md §7.1). */
export function waypointIdentity(mesh: Mesh, gateway: Gateway): Identity {
  return {
    trustDomain: mesh.settings.trustDomain,
    namespace: gateway.namespace,
    serviceAccount: mesh.get(gatewayServiceAccount, gateway),
  }
}
