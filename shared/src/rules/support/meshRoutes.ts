import { servicesOfHost } from '../../mesh/hosts.js'
import { canaryOfService } from '../../mesh/canary.js'
import type { KnownCertainty } from '../../mesh/certainty.js'
import { isDroppedByIstiod } from '../../mesh/droppedRoutes.js'
import type { Mesh } from '../../mesh/mesh.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isForMesh } from '../../resources/virtualService.js'
import { parentService, type MeshRoute } from '../../waypoint/routes.js'
import type { FieldPath } from '../../yaml/node.js'
import { isEnvoyWaypoint } from './protectedTraffic.js'

/** A Service that a route is for, with the place where the route names it. */
export interface RoutedService {
  readonly service: Service | ServiceEntry
  readonly path: FieldPath
}

/** The Services that a route names, as a parent or as a host without a wildcard. */
export function routedServices(mesh: Mesh, route: MeshRoute): RoutedService[] {
  if (route.type !== 'VirtualService' && isDroppedByIstiod(route)) return []
  if (route.type !== 'VirtualService')
    return route.parentRefs.flatMap((ref) => {
      const service = parentService(mesh, route, ref)
      return service ? [{ service, path: [...ref.path, 'name'] }] : []
    })
  if (!isForMesh(route)) return []
  return route.hosts.flatMap((host, index) =>
    servicesOfHost(mesh, host, route.namespace).map((service) => ({
      service,
      path: ['spec', 'hosts', index],
    })),
  )
}

/** The Envoy waypoints that take traffic to a Service: the one that it is bound to, and its canary. */
export function waypointsFor(
  mesh: Mesh,
  service: Service | ServiceEntry,
): { readonly gateways: readonly Gateway[]; readonly certainty: KnownCertainty } | undefined {
  const binding = mesh.get(waypointOfService, service)
  if (binding.status !== 'bound') return undefined
  const canary = canaryOfService(mesh, service)
  const gateways = [binding.gateway, ...(canary ? [canary] : [])]
  return gateways.every((gateway) => isEnvoyWaypoint(mesh, gateway))
    ? { gateways, certainty: binding.certainty }
    : undefined
}
