import { isHostOf, serviceNamed, servicesOfHost } from '../mesh/hosts.js'
import type { Mesh } from '../mesh/mesh.js'
import { isRead } from '../mesh/discovery.js'
import { isDroppedByIstiod } from '../mesh/droppedRoutes.js'
import type { Gateway } from '../resources/gateway.js'
import type { SourceMatch } from '../resources/requestMatch.js'
import type { ParentReference, Route, RouteType } from '../resources/route.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { isForMesh, type VirtualService } from '../resources/virtualService.js'
import { ISTIO_NETWORKING } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'

/** A resource with routes for traffic inside the mesh. */
export type MeshRoute = Route | VirtualService

/** The kinds of the Gateway API that can have a Service as parent. */
export const ROUTE_TYPES: readonly RouteType[] = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute']

/** The Service or ServiceEntry that a parent reference names, as far as the files have it. */
export function parentService(
  mesh: Mesh,
  route: Route,
  { group, kind, namespace = route.namespace, name }: ParentReference,
): Service | ServiceEntry | undefined {
  if (group === '' && kind === 'Service') return mesh.named('Service', namespace, name)
  return group === ISTIO_NETWORKING && kind === 'ServiceEntry'
    ? mesh.named('ServiceEntry', namespace, name)
    : undefined
}

/** Whether a route names a Service or ServiceEntry as its parent. */
export function parentsFor(
  mesh: Mesh,
  route: Route,
  service: Service | ServiceEntry,
): readonly ParentReference[] {
  return route.parentRefs.filter((ref) => {
    const parent = parentService(mesh, route, ref)
    return (
      parent?.type === service.type &&
      parent.namespace === service.namespace &&
      parent.name === service.name
    )
  })
}

/** Whether a resource has routes for the traffic inside the mesh to a Service. */
export function isRouteFor(mesh: Mesh, route: MeshRoute, service: Service | ServiceEntry): boolean {
  return route.type === 'VirtualService'
    ? isForMesh(route) && route.hosts.some((host) => isHostOf(service, host, route.namespace))
    : parentsFor(mesh, route, service).length > 0
}

/**
 * Whether a waypoint reads the routes of a namespace for a Service: those of the Service's namespace and of its own
 * (listener_waypoint.go getVirtualServiceForWaypoint).
 */
export function readsRoutesOf({ gateway, service }: ServiceChain, namespace: string): boolean {
  return namespace === gateway.namespace || namespace === service.namespace
}

/** A chain for a Service. */
export interface ServiceChain {
  readonly gateway: Gateway
  readonly service: Service | ServiceEntry
}

/** Whether a waypoint reads the routes of a resource for a Service. */
export function readsRoute(mesh: Mesh, route: MeshRoute, chain: ServiceChain): boolean {
  return (
    readsRoutesOf(chain, route.namespace) &&
    (route.type === 'VirtualService'
      ? isExportedTo(route, chain.gateway.namespace)
      : !isDroppedByIstiod(route)) &&
    isRead(mesh, route) &&
    isRouteFor(mesh, route, chain.service)
  )
}

/** The resources whose routes a waypoint reads for a Service. */
export function routesAtWaypoint(mesh: Mesh, chain: ServiceChain): readonly MeshRoute[] {
  return [...new Set([chain.service.namespace, chain.gateway.namespace])]
    .flatMap((namespace): MeshRoute[] => [
      ...mesh.inNamespace('VirtualService', namespace),
      ...ROUTE_TYPES.flatMap((type) => mesh.inNamespace<RouteType>(type, namespace)),
    ])
    .filter((route) => readsRoute(mesh, route, chain))
}

function isExportedTo({ exportTo, namespace: own }: VirtualService, namespace: string): boolean {
  return (
    exportTo.length === 0 ||
    exportTo.some(
      (name) => name === '*' || name === namespace || (name === '.' && own === namespace),
    )
  )
}

/** Whether a waypoint keeps a match of an HTTP route (listener_waypoint.go waypointInboundRoute, route.go sourceMatchHTTP). */
export function keepsHttpMatch(
  { sourceLabels, sourceNamespace, gateways }: SourceMatch,
  waypoint: Gateway,
): boolean {
  if (hasLabels(sourceLabels)) return false
  if (gateways.length > 0) return gateways.includes('mesh')
  return !sourceNamespace || sourceNamespace === waypoint.namespace
}

/** Whether a waypoint keeps a match of a TCP or TLS route: it knows no labels and no namespace of clients there. */
export function keepsTcpMatch({ sourceLabels, sourceNamespace, gateways }: SourceMatch): boolean {
  return (
    !hasLabels(sourceLabels) &&
    !sourceNamespace &&
    (gateways.length === 0 || gateways.includes('mesh'))
  )
}

function hasLabels(labels: SourceMatch['sourceLabels']): boolean {
  return labels !== undefined && Object.keys(labels).length > 0
}

/** Where a route sends traffic. */
export interface RouteDestination {
  /** The Service or ServiceEntry; several where the files define a host more than once, none where they do not have it. */
  readonly services: readonly (Service | ServiceEntry)[]
  /** As it is written, for messages. */
  readonly name: string
  readonly port: number | undefined
  readonly subset: string | undefined
  readonly path: FieldPath
}

/** The destinations of a rule that take traffic: those without a weight of 0. */
export function destinationsIn(
  mesh: Mesh,
  resource: MeshRoute,
  rule: Pick<Route['rules'][number], 'backendRefs'> | Pick<VirtualService, 'destinations'>,
): RouteDestination[] {
  if ('backendRefs' in rule)
    return rule.backendRefs
      .filter(({ weight }) => weight !== 0)
      .map(({ group, kind, namespace = resource.namespace, name, port, path }) => ({
        services: backendServices(mesh, { group, kind, namespace, name }),
        name,
        port,
        subset: undefined,
        path: [...path, 'name'],
      }))
  // A single destination has all of the traffic, with any weight (route.go applyHTTPRouteDestination).
  return rule.destinations
    .filter(({ weight = 0 }) => weight !== 0 || rule.destinations.length === 1)
    .map(({ host, subset, port, path }) => ({
      services: servicesOfHost(mesh, host, resource.namespace),
      name: serviceNamed(host, resource.namespace)?.name ?? host,
      port,
      subset,
      path,
    }))
}

function backendServices(
  mesh: Mesh,
  ref: {
    readonly group: string
    readonly kind: string
    readonly namespace: string
    readonly name: string
  },
): (Service | ServiceEntry)[] {
  if (ref.group === '' && ref.kind === 'Service')
    return [mesh.named('Service', ref.namespace, ref.name)].filter((found) => found !== undefined)
  return ref.group === ISTIO_NETWORKING && ref.kind === 'Hostname'
    ? servicesOfHost(mesh, ref.name, ref.namespace)
    : []
}
