import type { Mesh } from '../../mesh/mesh.js'
import type { KnownCertainty } from '../../mesh/certainty.js'
import type { Gateway } from '../../resources/gateway.js'
import type { SourceMatch } from '../../resources/requestMatch.js'
import { isForMesh, type VirtualService } from '../../resources/virtualService.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { FieldPath } from '../../yaml/node.js'
import { keepsHttpMatch, keepsTcpMatch, readsRoute } from '../../waypoint/routes.js'
import type { Fix } from '../fix.js'
import { defineRule, type Report } from '../rule.js'
import { routedServices, waypointsFor } from '../support/meshRoutes.js'
import { shownName } from '../support/resourceNames.js'
import { hasSidecars } from '../support/sidecars.js'
import { firstThatFits, quoted } from '../support/words.js'

export const virtualServiceSourceMatch = defineRule({
  name: 'virtual-service-source-match',
  level: 'warning',
  subjects: ['VirtualService'],
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
  check(resource, { mesh, report }) {
    if (!isForMesh(resource)) return
    const readers = readersOf(mesh, resource)
    // A sidecar reads the labels and the namespace of its own pod.
    if (!readers || mesh.get(hasSidecars, '')) return
    for (const route of routesOf(resource, readers.gateways)) {
      const dropped = route.matches.filter(({ isKept }) => !isKept)
      const isNeverTaken = dropped.length === route.matches.length
      for (const match of dropped)
        report(findingOf(resource, readers, { route, match, isNeverTaken }))
    }
  },
})

interface Readers {
  readonly gateways: readonly Gateway[]
  readonly certainty: KnownCertainty
}

/** The waypoints that read the routes of a VirtualService. */
function readersOf(mesh: Mesh, resource: VirtualService): Readers | undefined {
  const found = routedServices(mesh, resource).flatMap(({ service }) => {
    const waypoints = waypointsFor(mesh, service)
    const gateways = (waypoints?.gateways ?? []).filter((gateway) =>
      readsRoute(mesh, resource, { gateway, service }),
    )
    return waypoints && gateways.length > 0 ? [{ gateways, certainty: waypoints.certainty }] : []
  })
  const [first] = found
  return (
    first && {
      gateways: [...new Set(found.flatMap(({ gateways }) => gateways))],
      certainty: first.certainty,
    }
  )
}

interface JudgedMatch {
  readonly source: SourceMatch
  readonly path: FieldPath
  /** Whether a waypoint ever takes it. */
  readonly isKept: boolean
}

interface JudgedRoute {
  readonly path: FieldPath
  readonly isHttp: boolean
  readonly matches: readonly JudgedMatch[]
}

/** The routes with matches. Those for gateways only are left out. */
function routesOf(resource: VirtualService, gateways: readonly Gateway[]): JudgedRoute[] {
  const judged = (
    {
      path,
      matches,
    }: { readonly path: FieldPath; readonly matches: readonly Omit<JudgedMatch, 'isKept'>[] },
    isHttp: boolean,
  ): JudgedRoute => ({
    path,
    isHttp,
    matches: matches.map(({ source, path: at }) => ({
      source,
      path: at,
      isKept:
        isForGateways(source) ||
        isPlaceholder(source.sourceNamespace ?? '') ||
        (isHttp
          ? gateways.some((gateway) => keepsHttpMatch(source, gateway))
          : keepsTcpMatch(source)),
    })),
  })
  return [
    ...resource.http.map((route) => judged(route, true)),
    ...[...resource.tls, ...resource.tcp].map((route) => judged(route, false)),
  ]
}

function isForGateways({ gateways }: SourceMatch): boolean {
  return gateways.length > 0 && !gateways.includes('mesh')
}

function findingOf(
  resource: VirtualService,
  { gateways, certainty }: Readers,
  {
    route,
    match,
    isNeverTaken,
  }: { readonly route: JudgedRoute; readonly match: JudgedMatch; readonly isNeverTaken: boolean },
): Report {
  const byLabels = Object.keys(match.source.sourceLabels ?? {}).length > 0
  const what = isNeverTaken ? 'this route is never taken' : 'this match never holds'
  const field = byLabels ? 'sourceLabels' : 'sourceNamespace'
  const [gateway] = gateways
  return {
    message: byLabels
      ? `A waypoint drops matches with sourceLabels: ${what}.`
      : route.isHttp
        ? firstThatFits(
            `A waypoint compares sourceNamespace with its own namespace ${quoted(gateway?.namespace ?? '')}: ${what}.`,
            `A waypoint compares sourceNamespace with its own namespace: ${what}.`,
          )
        : `A waypoint does not know sourceNamespace in TCP and TLS routes: ${what}.`,
    path: [...match.path, field],
    on: 'key',
    certainties: [certainty],
    related: gateways.slice(0, 3).map((resourceOf) => ({
      resource: resourceOf,
      path: ['metadata', 'name'],
      message: `Waypoint "${shownName(resourceOf)}" reads this VirtualService. It takes the next route.`,
    })),
    fixes: () => [removal(resource, isNeverTaken ? route.path : match.path, isNeverTaken)],
  }
}

/** The intent is lost with it, so this is never safe. */
function removal(resource: VirtualService, path: FieldPath, isRoute: boolean): Fix {
  return {
    title: isRoute ? 'Remove the route' : 'Remove the match',
    preferred: true,
    safe: false,
    edits: [{ op: 'remove', resource, path }],
  }
}
