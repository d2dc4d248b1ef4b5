import { serviceNamed, servicesOfHost } from '../../mesh/hosts.js'
import { CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { describedForServices, mayBeFilled } from '../../mesh/described.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { hboneListener } from '../../mesh/waypointGateway.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { VirtualService } from '../../resources/virtualService.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { readsRoutesOf, type MeshRoute } from '../../waypoint/routes.js'
import type { Fix } from '../fix.js'
import { defineRule, type Report } from '../rule.js'
import { isEnvoyWaypoint } from '../support/protectedTraffic.js'
import { routedServices, waypointsFor, type RoutedService } from '../support/meshRoutes.js'
import { shownName } from '../support/resourceNames.js'
import { hasSidecars } from '../support/sidecars.js'
import { firstThatFits, quoted } from '../support/words.js'

export const virtualServiceNotAtWaypoint = defineRule({
  name: 'virtual-service-not-at-waypoint',
  level: 'warning',
  subjects: ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute', 'VirtualService'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(route, { mesh, report }) {
    if (isUnnamed(route.namespace) || mayHaveOtherReaders(mesh, route)) return
    const found =
      unreadByWaypoint(mesh, route) ??
      (route.type === 'VirtualService' ? forNoService(mesh, route) : undefined)
    if (found) report(found)
  },
})

/** Whether a sidecar or a gateway may read it. */
function mayHaveOtherReaders(mesh: Mesh, route: MeshRoute): boolean {
  if (mesh.get(hasSidecars, '')) return true
  if (route.type === 'VirtualService') {
    if (route.gateways.some((gateway) => gateway !== 'mesh') || route.hosts.length === 0)
      return true
  } else if (route.parentRefs.some(({ kind }) => kind !== 'Service' && kind !== 'ServiceEntry'))
    return true
  const { mode, certainty } = mesh.get(namespaceEnrolment, route.namespace)
  return (mode !== 'ambient' && mode !== 'none') || certainty.level !== 'certain'
}

/** A route for Services that are bound to waypoints, none of which reads routes of its namespace. */
function unreadByWaypoint(mesh: Mesh, route: MeshRoute): Report | undefined {
  const routed = routedServices(mesh, route)
  const named = route.type === 'VirtualService' ? route.hosts : route.parentRefs
  const [first] = routed
  // Each host and each parent has to be known.
  if (!first || routed.length < named.length) return undefined
  const waypoints = routed.map(({ service }) => ({ service, found: waypointsFor(mesh, service) }))
  const isUnread = waypoints.every(
    ({ service, found }) =>
      found?.certainty.level === 'certain' &&
      found.gateways.every((gateway) => !readsRoutesOf({ gateway, service }, route.namespace)),
  )
  const [gateway] = waypoints[0]?.found?.gateways ?? []
  if (!isUnread || !gateway) return undefined
  const what = route.type === 'VirtualService' ? 'VirtualServices' : 'routes'
  return {
    message: `A waypoint reads ${what} of its own and of the Service's namespace only: this one has no effect in ambient.`,
    path: first.path,
    certainties: [CERTAIN],
    related: [
      {
        resource: first.service,
        path: ['metadata', 'name'],
        message: `The ${first.service.type} is in namespace "${first.service.namespace}".`,
      },
      {
        resource: gateway,
        path: ['metadata', 'name'],
        message: `The waypoint "${shownName(gateway)}".`,
      },
    ],
    fixes: () => moveTo(route, routed),
  }
}

/** Moves the object, if it names everything with a namespace: short names would mean other Services then. */
function moveTo(route: MeshRoute, routed: readonly RoutedService[]): Fix[] {
  const [namespace, ...others] = new Set(routed.map(({ service }) => service.namespace))
  const isQualified =
    route.type === 'VirtualService'
      ? [...route.hosts, ...route.destinations.map(({ host }) => host)].every((host) =>
          host.includes('.'),
        )
      : [...route.parentRefs, ...route.backendRefs].every((ref) => ref.namespace !== undefined)
  if (
    namespace === undefined ||
    others.length > 0 ||
    !isQualified ||
    route.namespaceSource !== 'object'
  )
    return []
  return [
    {
      title: `Move it to namespace "${namespace}"`,
      preferred: true,
      safe: false,
      edits: [{ op: 'set', resource: route, path: ['metadata', 'namespace'], value: namespace }],
    },
  ]
}

/** A VirtualService for hosts that are surely no Services. */
function forNoService(mesh: Mesh, route: VirtualService): Report | undefined {
  const certainty = surelyKnown(mesh, route.namespace)
  const [host = ''] = route.hosts
  if (!certainty || !route.hosts.every((name) => isNoService(mesh, route.namespace, name)))
    return undefined
  return {
    message: firstThatFits(
      `${quoted(host)} is no Service: a waypoint routes by Service, so this has no effect in ambient.`,
      'A waypoint routes by Service: a host that is no Service has no effect in ambient.',
    ),
    path: ['spec', 'hosts', 0],
    certainties: [certainty],
  }
}

/** Whether the files show every ServiceEntry that a waypoint could route with VirtualServices of a namespace. */
function surelyKnown(mesh: Mesh, namespace: string): KnownCertainty | undefined {
  const servesOthers = mesh
    .inNamespace('Gateway', namespace)
    .some((gateway) => isEnvoyWaypoint(mesh, gateway) && mayServeOthers(gateway))
  return servesOthers ||
    mesh.hasOpaque('ServiceEntry') ||
    mesh.hasOpaque('Service') ||
    mayBeFilled(mesh, namespace)
    ? undefined
    : CERTAIN
}

function mayServeOthers(gateway: Gateway): boolean {
  const from = hboneListener(gateway)?.allowedRoutes.from
  return from !== undefined && from !== 'Same'
}

function isNoService(mesh: Mesh, namespace: string, host: string): boolean {
  if (isPlaceholder(host) || host.includes('*')) return false
  if (servicesOfHost(mesh, host, namespace).length > 0) return false
  const named = serviceNamed(host, namespace)
  if (named) return mesh.get(describedForServices, named.namespace)
  return mesh.all('ServiceEntry').every(({ hosts }) => hosts.every((own) => !own.startsWith('*')))
}
