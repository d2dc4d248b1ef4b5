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
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { isEnvoyWaypoint } from '../support/bypass.js'
import { isDenied, policiesNaming } from './ingressArrivals.js'
import { gatewaysOf, servicesOf, type IngressGateway } from '../support/ingressRoutes.js'
import { shownName } from '../support/resourceNames.js'
import { protects } from './protects.js'
import { INGRESS_USE_WAYPOINT } from '../../vocabulary/labels.js'

export const ingressBypassesWaypoint = defineRule({
  name: 'ingress-bypasses-waypoint',
  level: 'warning',
  subjects: ['GRPCRoute', 'HTTPRoute', 'Ingress', 'VirtualService'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'Identity',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'RequestAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(route, { mesh, report }) {
    const [gateway, ...others] = gatewaysOf(mesh, route)
    if (!gateway) return
    for (const { service, path } of servicesOf(mesh, route)) {
      const waypoint = guardOf(mesh, service)
      if (!waypoint) continue
      const chosen = policiesNaming(mesh, service, gateway)
      report({
        message: messageOf(mesh, { service, waypoint, gateway }),
        path,
        ...(chosen.length > 0 ? { level: 'information' as const } : {}),
        related: [
          {
            resource: service,
            path: ['metadata', 'name'],
            message: `Service "${service.name}" has no label ${INGRESS_USE_WAYPOINT}.`,
          },
          ...[gateway, ...others]
            .filter(({ resource }) => resource !== route)
            .map(({ resource }): Evidence => ({
              resource,
              path: ['metadata', 'name'],
              message: `The gateway "${shownName(resource)}".`,
            })),
          ...chosen,
        ],
        fixes: () =>
          mesh.settings.flag('ENABLE_INGRESS_WAYPOINT_ROUTING') ? [useWaypoint(service)] : [],
      })
    }
  },
})

/** The waypoint with policies that surely serves a Service, and that nobody has said a word about ingress gateways for. */
function guardOf(mesh: Mesh, service: Service): Gateway | undefined {
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
  const chain = { gateway: binding.gateway, service }
  return policiesAtWaypoint(mesh, chain).some(protects) ||
    requestAuthenticationsAtWaypoint(mesh, chain).length > 0
    ? binding.gateway
    : undefined
}

interface Way {
  readonly service: Service
  readonly waypoint: Gateway
  readonly gateway: IngressGateway
}

function messageOf(mesh: Mesh, { service, waypoint, gateway }: Way): string {
  const who =
    gateway.resource.type === 'Ingress'
      ? 'This Ingress'
      : `Gateway ${quoted(shownName(gateway.resource))}`
  const past = `past waypoint ${quoted(shownName(waypoint))}`
  const name = `Service ${quoted(service.name, 24)}`
  if (isDenied(mesh, service, gateway))
    return firstThatFits(
      `${who} sends to ${name} ${past}, and ztunnel denies it.`,
      `${who} sends to ${name} past its waypoint, and ztunnel denies it.`,
    )
  return firstThatFits(
    `${who} sends to ${name} ${past}: its policies do not apply.`,
    `${who} sends to ${name} past its waypoint: its policies do not apply.`,
  )
}

/** What the waypoint makes of the gateway's requests, no file can tell. */
function useWaypoint(service: Service): Fix {
  return {
    title: `Send ingress traffic of "${service.name}" through the waypoint`,
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
