import { hasAddress } from '../../access/route.js'
import type { Evidence } from '../../mesh/certainty.js'
import { namespaceLabels } from '../../mesh/namespaceEnrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import { changesLabels } from '../../resources/otherObject.js'
import type { Service } from '../../resources/service.js'
import {
  policiesAtWaypoint,
  requestAuthenticationsAtWaypoint,
} from '../../waypoint/attachedPolicies.js'
import { routesAtWaypoint, type MeshRoute } from '../../waypoint/routes.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { isEnvoyWaypoint } from '../support/protectedTraffic.js'
import { isDenied, policiesAllowing } from './ingressAtZtunnel.js'
import { istioGatewaysOf, servicesOfRoute, type IngressGateway } from './ingressRoutes.js'
import { shownName } from '../support/resourceNames.js'
import { restrictsAccess } from '../support/restrictsAccess.js'
import { INGRESS_USE_WAYPOINT } from '../../vocabulary/labels.js'

export const ingressBypassesWaypoint = defineRule({
  name: 'ingress-bypasses-waypoint',
  level: 'warning',
  subjects: ['GRPCRoute', 'HTTPRoute', 'Ingress', 'VirtualService'],
  reads: [
    'AuthorizationPolicy',
    'GRPCRoute',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'HTTPRoute',
    'Identity',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'RequestAuthentication',
    'Service',
    'ServiceEntry',
    'TCPRoute',
    'TLSRoute',
    'VirtualService',
    'Workload',
    'opaque',
  ],
  check(route, { mesh, report }) {
    const [gateway, ...others] = istioGatewaysOf(mesh, route)
    if (!gateway) return
    for (const { service, path } of servicesOfRoute(mesh, route)) {
      const chain = chainOf(mesh, service)
      if (!chain) continue
      const { gateway: waypoint } = chain
      const routes = routesAtWaypoint(mesh, chain).filter((other) => isForMeshOnly(mesh, other))
      const bypassed = hasPolicies(mesh, chain) ? 'policies' : 'routes'
      if (bypassed === 'routes' && routes.length === 0) continue
      const allowing = policiesAllowing(mesh, service, gateway)
      report({
        message: messageOf(mesh, { service, waypoint, gateway }, bypassed),
        path,
        ...(allowing.length > 0 || bypassed === 'routes' ? { level: 'information' as const } : {}),
        related: [
          {
            resource: service,
            path: ['metadata', 'name'],
            message: `Service "${service.name}" has no label "${INGRESS_USE_WAYPOINT}".`,
          },
          ...[gateway, ...others]
            .filter(({ resource }) => resource !== route)
            .map(({ resource }): Evidence => ({
              resource,
              path: ['metadata', 'name'],
              message: `The gateway "${shownName(resource)}".`,
            })),
          ...routes.slice(0, 2).map((resource): Evidence => ({
            resource,
            path: ['metadata', 'name'],
            message: `${resource.type} "${shownName(resource)}" does not apply to ingress traffic.`,
          })),
          ...allowing,
        ],
        fixes: () =>
          mesh.settings.flag('ENABLE_INGRESS_WAYPOINT_ROUTING') ? [useWaypoint(service)] : [],
      })
    }
  },
})

/**
 * The chain of a Service at the waypoint that it certainly uses. Undefined where a label already decides whether
 * ingress traffic uses it, or may do so.
 */
function chainOf(
  mesh: Mesh,
  service: Service,
): { readonly gateway: Gateway; readonly service: Service } | undefined {
  if (!hasAddress(service) || service.serviceType === 'ExternalName') return undefined
  const binding = mesh.get(waypointOfService, service)
  if (
    binding.status !== 'bound' ||
    binding.certainty.level !== 'certain' ||
    !isEnvoyWaypoint(mesh, binding.gateway)
  )
    return undefined
  const inherited = mesh.get(namespaceLabels, service.namespace)
  if (
    service.labels?.[INGRESS_USE_WAYPOINT] !== undefined ||
    !inherited ||
    inherited[INGRESS_USE_WAYPOINT] !== undefined ||
    mesh.all('Other').some(changesLabels)
  )
    return undefined
  return { gateway: binding.gateway, service }
}

/** Whether a waypoint enforces anything for a Service. */
function hasPolicies(
  mesh: Mesh,
  chain: { readonly gateway: Gateway; readonly service: Service },
): boolean {
  return (
    policiesAtWaypoint(mesh, chain).some(restrictsAccess) ||
    requestAuthenticationsAtWaypoint(mesh, chain).length > 0
  )
}

/** A resource for an ingress gateway and for the mesh applies at both. */
function isForMeshOnly(mesh: Mesh, route: MeshRoute): boolean {
  return istioGatewaysOf(mesh, route).length === 0
}

interface IngressPath {
  readonly service: Service
  readonly waypoint: Gateway
  readonly gateway: IngressGateway
}

function messageOf(
  mesh: Mesh,
  { service, waypoint, gateway }: IngressPath,
  bypassed: 'policies' | 'routes',
): string {
  const source =
    gateway.resource.type === 'Ingress'
      ? 'this Ingress'
      : `Gateway ${quoted(shownName(gateway.resource))}`
  const target = `Service ${quoted(service.name, 24)}`
  if (isDenied(mesh, service, gateway))
    return firstThatFits(
      `ztunnel denies ingress traffic to ${target}: ${source} bypasses waypoint ${quoted(shownName(waypoint))}.`,
      `ztunnel denies ingress traffic to ${target}: ${source} bypasses its waypoint.`,
    )
  return firstThatFits(
    `${bypassed === 'policies' ? 'Policies' : 'Routes'} of waypoint ${quoted(shownName(waypoint))} do not apply to ingress ` +
      `traffic: ${source} sends it to ${target} directly.`,
    `Waypoint ${bypassed} do not apply to ingress traffic: ${source} sends it to ${target} directly.`,
  )
}

/** Not safe: the waypoint may deny the gateway's requests. */
function useWaypoint(service: Service): Fix {
  return {
    title: `Send ingress traffic of "${service.name}" through its waypoint`,
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'set',
        resource: service,
        path: ['metadata', 'labels', INGRESS_USE_WAYPOINT],
        value: 'true',
      },
    ],
  }
}
