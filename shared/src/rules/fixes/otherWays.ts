import { query, type Mesh } from '../../mesh/mesh.js'
import { workloadsOfPolicy } from '../../mesh/policies.js'
import { servicesOfWorkload } from '../../mesh/services.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { waypointOfService, waypointOfWorkload } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RouteType } from '../../resources/route.js'
import type { Service } from '../../resources/service.js'
import { addToGroup } from '../../text/collections.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'
import { policiesAtWaypoint } from '../../waypoint/attachedPolicies.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { destinationsIn, ROUTE_TYPES, type MeshRoute } from '../../waypoint/routes.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { namedPeers } from '../../ztunnel/namedPeers.js'
import { routedServices } from '../support/meshRoutes.js'
import { canHaveWaypoint, identityOf, type WaypointIdentity } from './waypointIdentity.js'
import type { WaypointTargets } from './waypointTargets.js'

/**
 * Whether traffic reaches the workloads of a policy through the waypoints of its targets without being
 * for a target: by another Service over the same pods, by a route of another Service, or by the address of a pod.
 */
export function hasOtherWay(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { refs, services, waypoints, creationEdits }: WaypointTargets,
): boolean {
  // A policy for a waypoint, or for all of them, applies to all of their traffic.
  if (refs.every(({ kind }) => kind !== 'Service')) return false
  const accounts = new Set(waypoints.map(({ account }) => account))
  const mayPass = (binding: WaypointBinding): boolean =>
    binding.status === 'unknown' ||
    (binding.status === 'bound' && accounts.has(identityOf(mesh, binding.gateway).account))
  const isOpen = (service: Service): boolean =>
    !services.includes(service) &&
    canHaveWaypoint(service) &&
    (creationEdits.length > 0 || mayPass(mesh.get(waypointOfService, service)))
  if (routedFrom(mesh, services).some(isOpen)) return true
  return mesh
    .get(workloadsOfPolicy, policy)
    .some(
      (workload) =>
        mesh.get(servicesOfWorkload, workload).some(isOpen) ||
        (creationEdits.length === 0 && mayPass(mesh.get(waypointOfWorkload, workload))),
    )
}

/** The Services of which a route sends requests to one of these Services. */
function routedFrom(mesh: Mesh, services: readonly Service[]): Service[] {
  const sources = mesh.get(routedSources, '')
  return services.flatMap((service) => sources.get(service) ?? [])
}

/** For each Service that a route reaches, the Services of the route. */
const routedSources = query(
  'sources of routes',
  (mesh, _: ''): ReadonlyMap<Service, readonly Service[]> => {
    const sources = new Map<Service, Service[]>()
    const routes: readonly MeshRoute[] = [
      ...mesh.all('VirtualService'),
      ...ROUTE_TYPES.flatMap((type) => mesh.all<RouteType>(type)),
    ]
    for (const route of routes) {
      const own = routedServices(mesh, route).flatMap(({ service }) =>
        service.type === 'Service' ? [service] : [],
      )
      if (own.length === 0) continue
      const reached = rulesOf(route)
        .flatMap((rule) => destinationsIn(mesh, route, rule))
        .flatMap((destination) => destination.services)
      for (const service of new Set(reached))
        if (service.type === 'Service')
          for (const source of own) addToGroup(sources, service, source)
    }
    return sources
  },
)

function rulesOf(route: MeshRoute): readonly Parameters<typeof destinationsIn>[2][] {
  return route.type === 'VirtualService' ? [...route.http, ...route.tls, ...route.tcp] : route.rules
}

/**
 * Whether the waypoint of the targets has an ALLOW policy. A second one beside it denies nothing that the first
 * one allows, as a policy at ztunnel does.
 */
export function othersAllowAtWaypoint(mesh: Mesh, { services }: WaypointTargets): boolean {
  return services.some((service) => {
    const binding = mesh.get(waypointOfService, service)
    return (
      binding.status === 'bound' &&
      policiesAtWaypoint(mesh, { gateway: binding.gateway, service }).some(
        (other) => other.action === 'ALLOW' && !isDryRun(other) && other.rules.length > 0,
      )
    )
  })
}

/** Whether another policy at ztunnel allows clients other than these waypoints. */
export function othersAllow(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  waypoints: readonly WaypointIdentity[],
): boolean {
  const accounts = new Set(waypoints.map(({ account }) => account))
  const { trustDomain } = mesh.settings
  const isForWaypoints = (rule: AuthorizationRule): boolean => {
    const peers = namedPeers(rule, trustDomain)
    return (
      peers.length > 0 &&
      peers.every(({ exact, identity }) => exact && accounts.has(formatServiceAccount(identity)))
    )
  }
  return mesh
    .get(workloadsOfPolicy, policy)
    .some((workload) =>
      mesh
        .get(policiesAtZtunnel, workload)
        .some(
          (other) =>
            other.policy !== policy &&
            other.authorization.action === 'Allow' &&
            !other.authorization.dryRun &&
            !other.authorization.rules.every(isForWaypoints),
        ),
    )
}
