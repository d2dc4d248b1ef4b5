import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import type { RequestMatch, StringMatch } from '../resources/requestMatch.js'
import type { Route } from '../resources/route.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { VirtualService } from '../resources/virtualService.js'
import { addToGroup } from '../text/collections.js'
import {
  destinationsIn,
  keepsHttpMatch,
  keepsTcpMatch,
  parentsFor,
  routesAtWaypoint,
  type RouteDestination,
  type ServiceChain,
} from './routes.js'

/** One rule with one match. */
export interface TableRule {
  /** Undefined for all traffic. */
  readonly match: RequestMatch | undefined
  /** `answer`: the waypoint answers itself. `delegate`: another VirtualService has the routes. */
  readonly action: 'forward' | 'answer' | 'delegate'
  readonly destinations: readonly RouteDestination[]
}

/** The routes of a filter chain, in the order in which they are tried. */
export interface RouteTable {
  /** The resource that they come from, for messages. */
  readonly name: string
  readonly rules: readonly TableRule[]
}

/**
 * The routes that a waypoint may use for a Service on a port. istiod takes the oldest resource
 * (listener_waypoint.go buildWaypointInboundHTTPRouteConfig), and no file says the age: one table for each. A table
 * without rules leaves the request with the Service that it calls, as none at all does.
 */
export function routeTables(
  mesh: Mesh,
  chain: ServiceChain,
  { port, isHttp }: { readonly port: number; readonly isHttp: boolean },
): readonly RouteTable[] {
  const { service } = chain
  const grouped = new Map<string, { readonly route: Route; readonly port: number | undefined }[]>()
  const tables: RouteTable[] = []
  for (const resource of routesAtWaypoint(mesh, chain)) {
    if (resource.type === 'VirtualService') {
      const rules = isHttp
        ? httpRules(mesh, resource, { chain, port })
        : tcpRules(mesh, resource, { service, port })
      if (isHttp ? resource.http.length > 0 : rules.length > 0)
        tables.push({ name: nameOf(resource), rules })
    } else if (isHttp === (resource.type === 'HTTPRoute' || resource.type === 'GRPCRoute')) {
      for (const parent of parentsFor(mesh, resource, service))
        addToGroup(grouped, `${resource.type} ${resource.namespace} ${parent.port ?? ''}`, {
          route: resource,
          port: parent.port,
        })
    }
  }
  // istiod merges the routes of a namespace that have the same parent and port.
  for (const routes of grouped.values()) {
    const [first] = routes
    const rules = routes
      .filter((child) => child.port === undefined || child.port === port)
      .flatMap(({ route }) => routeRules(mesh, route))
    if (first) tables.push({ name: nameOf(first.route), rules: rules.sort(mostSpecificFirst) })
  }
  return tables
}

function nameOf(resource: Route | VirtualService): string {
  return `${resource.type} ${qualifiedName(resource)}`
}

function httpRules(
  mesh: Mesh,
  resource: VirtualService,
  { chain, port }: { readonly chain: ServiceChain; readonly port: number },
): TableRule[] {
  return resource.http.flatMap((route): TableRule[] => {
    const rule = {
      action: route.delegates ? 'delegate' : route.answers ? 'answer' : 'forward',
      destinations: destinationsIn(mesh, resource, route),
    } as const
    if (route.matches.length === 0) return [{ ...rule, match: undefined }]
    return route.matches
      .filter((match) => match.port === undefined || match.port === port)
      .filter(({ source }) => keepsHttpMatch(source, chain.gateway))
      .map((match) => ({ ...rule, match }))
  })
}

/** The first TLS route, else the first TCP route. A server name counts only if it is the Service's host. */
function tcpRules(
  mesh: Mesh,
  resource: VirtualService,
  { service, port }: { readonly service: Service | ServiceEntry; readonly port: number },
): TableRule[] {
  const route = [...resource.tls, ...resource.tcp].find(
    ({ matches }) =>
      matches.length === 0 ||
      matches.some(
        (match) =>
          (match.port === undefined || match.port === port) &&
          keepsTcpMatch(match.source) &&
          (match.sniHosts === undefined || namesOnly(match.sniHosts, service)),
      ),
  )
  return route
    ? [
        {
          match: undefined,
          action: 'forward',
          destinations: destinationsIn(mesh, resource, route),
        },
      ]
    : []
}

function namesOnly(sniHosts: readonly string[], service: Service | ServiceEntry): boolean {
  const [host, ...others] = sniHosts
  if (host === undefined || others.length > 0) return false
  return service.type === 'ServiceEntry'
    ? service.hosts.includes(host)
    : host.startsWith(`${service.name}.${service.namespace}.svc.`)
}

function routeRules(mesh: Mesh, route: Route): TableRule[] {
  return route.rules.flatMap((rule) => {
    const destinations = destinationsIn(mesh, route, rule)
    // Without a backend that takes traffic the waypoint answers with 500.
    const action = rule.redirects || destinations.length === 0 ? 'answer' : 'forward'
    const matches = rule.matches.length === 0 ? [undefined] : rule.matches
    return matches.map((match) => ({ match, action, destinations }))
  })
}

/** The order of rules of the Gateway API (conversion.go sortHTTPRoutes). The sort is stable. */
function mostSpecificFirst({ match: a }: TableRule, { match: b }: TableRule): number {
  if (!a || !b) return Number(!a) - Number(!b)
  return (
    rankOf(b.uri) - rankOf(a.uri) ||
    (b.uri?.value.length ?? 0) - (a.uri?.value.length ?? 0) ||
    Number(b.method !== undefined) - Number(a.method !== undefined) ||
    b.headers.length - a.headers.length ||
    b.queryParams.length - a.queryParams.length
  )
}

const RANK = { exact: 3, 'path prefix': 2, prefix: 2, regex: 1, present: -1 } as const

function rankOf(uri: StringMatch | undefined): number {
  return uri ? RANK[uri.kind] : -1
}
