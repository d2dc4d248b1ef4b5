import { isHostOf } from '../mesh/hosts.js'
import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import type { RequestMatch } from '../resources/requestMatch.js'
import type { Route } from '../resources/route.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { VirtualService, VirtualTcpRoute } from '../resources/virtualService.js'
import { addToGroup } from '../text/collections.js'
import {
  destinationsIn,
  keepsHttpMatch,
  keepsTcpMatch,
  parentsFor,
  routesAtWaypoint,
  type MeshRoute,
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
  /** The object that it comes from. */
  readonly source: string
  /** Equal for rules that are equally specific. The age of their objects decides which one is tried first. */
  readonly level: number
}

/** The routes of a filter chain that one resource has, in the order in which they are tried. */
export interface RouteTable {
  /** The resource that they come from, for messages. */
  readonly name: string
  readonly rules: readonly TableRule[]
  /** Tables with lower numbers are tried first. For equal ones the age of their resources decides. */
  readonly tier: number
}

/**
 * The routes that a waypoint has for a Service on a port: one table for each resource
 * (listener_waypoint.go buildWaypointInboundHTTPRouteConfig, getWaypointTCPRoutes). Tables without rules leave the
 * request with the Service that it calls, as none at all does.
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
      const tcp = isHttp ? undefined : tcpRoute(resource, { service, port })
      const tier = tierOf(resource, chain, { isTls: tcp?.isTls ?? false })
      if (tcp) tables.push({ name: nameOf(resource), rules: [tcpRule(mesh, resource, tcp)], tier })
      if (isHttp && resource.http.length > 0)
        tables.push({
          name: nameOf(resource),
          rules: httpRules(mesh, resource, { chain, port }),
          tier,
        })
    } else if (isHttp === (resource.type === 'HTTPRoute' || resource.type === 'GRPCRoute')) {
      if (resource.type === 'TLSRoute' && !takesServerName(resource, service)) continue
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
    if (first)
      tables.push({
        name: nameOf(first.route),
        rules: mostSpecificFirst(rules),
        tier: tierOf(first.route, chain, { isTls: first.route.type === 'TLSRoute' }),
      })
  }
  return tables
}

/** Routes for the server name of TLS come before other routes for TCP (listener_waypoint.go getWaypointTCPRoutes). */
const AFTER_TLS = 4

/** The order in which istiod lists resources for a waypoint (push_context.go VirtualServicesForGateway). */
function tierOf(
  resource: MeshRoute,
  { gateway }: ServiceChain,
  { isTls }: { readonly isTls: boolean },
): number {
  const isOwn = resource.namespace === gateway.namespace
  const protocol = isTls ? 0 : AFTER_TLS
  if (resource.type !== 'VirtualService') return protocol + (isOwn ? 2 : 3)
  const { exportTo } = resource
  if (exportTo.length === 0 || exportTo.includes('*')) return protocol + 3
  return protocol + (isOwn ? 0 : 1)
}

function nameOf(resource: MeshRoute): string {
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
      source: nameOf(resource),
      level: 0,
    } as const
    if (route.matches.length === 0) return [{ ...rule, match: undefined }]
    return route.matches
      .filter((match) => match.port === undefined || match.port === port)
      .filter(({ source }) => keepsHttpMatch(source, chain.gateway))
      .map((match) => ({ ...rule, match }))
  })
}

interface FoundTcpRoute extends VirtualTcpRoute {
  readonly isTls: boolean
}

/** The first TLS route, else the first TCP route. A server name counts only if it is the Service's host. */
function tcpRoute(
  resource: VirtualService,
  { service, port }: { readonly service: Service | ServiceEntry; readonly port: number },
): FoundTcpRoute | undefined {
  return [
    ...resource.tls.map((route) => ({ ...route, isTls: true })),
    ...resource.tcp.map((route) => ({ ...route, isTls: false })),
  ].find(
    ({ matches }) =>
      matches.length === 0 ||
      matches.some(
        (match) =>
          (match.port === undefined || match.port === port) &&
          keepsTcpMatch(match.source) &&
          (match.sniHosts === undefined || namesOnly(match.sniHosts, service)),
      ),
  )
}

function tcpRule(mesh: Mesh, resource: VirtualService, route: FoundTcpRoute): TableRule {
  return {
    match: undefined,
    action: 'forward',
    destinations: destinationsIn(mesh, resource, route),
    source: nameOf(resource),
    level: 0,
  }
}

/** Whether the host of a Service is the only server name of a TLSRoute for it (route_collections.go compatibleRoutesForHost). */
function takesServerName(
  { hostnames, namespace }: Route,
  service: Service | ServiceEntry,
): boolean {
  if (hostnames.length === 0 || (hostnames.length === 1 && hostnames[0] === '*')) return true
  return namesOnly(
    hostnames.length === 1
      ? hostnames
      : hostnames.filter((host) => isHostOf(service, host, namespace)),
    service,
  )
}

function namesOnly(sniHosts: readonly string[], service: Service | ServiceEntry): boolean {
  const [host, ...others] = sniHosts
  if (host === undefined || others.length > 0) return false
  return service.type === 'ServiceEntry'
    ? service.hosts.includes(host)
    : host.startsWith(`${service.name}.${service.namespace}.svc.`)
}

/** A rule with its place in the order of the Gateway API (conversion.go sortHTTPRoutes): the highest numbers come first. */
interface RankedRule {
  readonly rule: Omit<TableRule, 'level'>
  readonly rank: readonly number[]
}

function routeRules(mesh: Mesh, route: Route): RankedRule[] {
  return route.rules.flatMap((rule) => {
    const destinations = destinationsIn(mesh, route, rule)
    // Without a backend that takes traffic the waypoint answers with 500.
    const action = rule.redirects || destinations.length === 0 ? 'answer' : 'forward'
    const matches = rule.matches.length === 0 ? [undefined] : rule.matches
    return matches.map((match) => ({
      rule: { match, action, destinations, source: nameOf(route) },
      rank: match ? rankOf(match) : RANK_WITHOUT_MATCH[route.type],
    }))
  })
}

function rankOf({ uri, method, headers, queryParams }: RequestMatch): readonly number[] {
  return [
    uri ? RANK[uri.kind] : -1,
    uri?.value.length ?? 0,
    Number(method !== undefined),
    headers.length,
    queryParams.length,
  ]
}

const RANK = { exact: 3, 'path prefix': 2, prefix: 2, regex: 1, present: -1 } as const
const LAST = [-2]
/** The API server writes the prefix `/` into a rule of an HTTPRoute without `matches`. */
const RANK_WITHOUT_MATCH: Readonly<Record<Route['type'], readonly number[]>> = {
  HTTPRoute: [RANK.prefix, 1, 0, 0, 0],
  GRPCRoute: LAST,
  TCPRoute: LAST,
  TLSRoute: LAST,
}

function mostSpecificFirst(ranked: readonly RankedRule[]): TableRule[] {
  let level = 0
  return ranked
    .toSorted(({ rank: a }, { rank: b }) => compareRanks(b, a))
    .map(({ rule, rank }, index, sorted) => {
      const before = sorted[index - 1]
      if (before && compareRanks(before.rank, rank) !== 0) level++
      return { ...rule, level }
    })
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
