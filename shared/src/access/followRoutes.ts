import type { Mesh } from '../mesh/mesh.js'
import { podLabels } from '../mesh/pods.js'
import { subsetLabels } from '../mesh/subsets.js'
import { matchesLabels } from '../resources/selector.js'
import { qualifiedName } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { supports } from '../vocabulary/releases.js'
import { routeTables, type RouteTable, type TableRule } from '../waypoint/routeTables.js'
import { matchesRequest, type RoutedRequest } from '../waypoint/matchRequest.js'
import type { RouteDestination, ServiceChain } from '../waypoint/routes.js'
import { serviceAt, type Backend } from './destination.js'
import type { RequestHttp } from './request.js'

/** Where a waypoint may send a request. */
export type RoutedTo =
  /** The pods of the Service that is called. */
  | { readonly kind: 'called' }
  | { readonly kind: 'backends'; readonly backends: readonly Backend[] }
  /** The waypoint answers itself: with a redirect, or a direct response. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'unknown'; readonly why: string }

/** A request as it arrives at a filter chain of a waypoint. */
export interface ChainRequest {
  readonly port: number
  /** Whether it arrives at an HTTP chain. */
  readonly isHttp: boolean
  /** Undefined if the request specifies no HTTP fields. */
  readonly http: RequestHttp | undefined
}

/**
 * Where the routes of a waypoint send a request, after its policies have allowed it (docs/semantics.md §2.7): several
 * places for weighted backends, and where the files do not decide.
 */
export function followRoutes(
  mesh: Mesh,
  chain: ServiceChain,
  request: ChainRequest,
): readonly RoutedTo[] {
  return [...new Map(placesOf(mesh, chain, request).map((place) => [keyOf(place), place])).values()]
}

/** Equal for places with the same answer. */
function keyOf(place: RoutedTo): string {
  if (place.kind !== 'backends') return place.kind === 'unknown' ? place.why : place.kind
  return JSON.stringify(
    place.backends.map(({ workload, port }) => [workload.type, qualifiedName(workload), port]),
  )
}

function placesOf(mesh: Mesh, chain: ServiceChain, request: ChainRequest): readonly RoutedTo[] {
  const tables = routeTables(mesh, chain, request)
  const used = tables.filter(({ rules }) => rules.length > 0)
  if (used.length === 0) return [CALLED]
  const follow = (table: RouteTable): Followed => followTable(mesh, chain, { table, request })
  // An old waypoint has the routes of one resource only.
  if (!supports(mesh.settings, 'severalRoutesAtWaypoint'))
    return tables.flatMap((table) =>
      table.rules.length === 0 ? [CALLED] : withoutMatch(follow(table), [table]),
    )
  const reached: RoutedTo[] = []
  for (const tier of new Set(used.map((table) => table.tier).sort((a, b) => a - b))) {
    const found = used.filter((table) => table.tier === tier).map(follow)
    reached.push(...found.flatMap((each) => each.reached))
    if (found.some(({ isTaken }) => isTaken)) return reached
  }
  return withoutMatch({ reached, isTaken: false }, used)
}

const CALLED: RoutedTo = { kind: 'called' }

/** What becomes of a request at the routes of one resource. */
interface Followed {
  readonly reached: readonly RoutedTo[]
  /** Whether one of the routes certainly takes it. */
  readonly isTaken: boolean
}

/** Where a request goes if the routes of these tables are all that the waypoint has. */
function withoutMatch(
  { reached, isTaken }: Followed,
  tables: readonly RouteTable[],
): readonly RoutedTo[] {
  const names = tables.map(({ name }) => name).join(', ')
  const why = `no route of ${names} matches: the waypoint answers with 404`
  return isTaken ? reached : [...reached, { kind: 'unknown', why }]
}

function followTable(
  mesh: Mesh,
  chain: ServiceChain,
  { table, request }: { readonly table: RouteTable; readonly request: ChainRequest },
): Followed {
  const reached: RoutedTo[] = []
  const http = request.http && routedRequest(request.http)
  // The objects with a rule that certainly takes the request if the object is the oldest one.
  const taking = new Set<string>()
  let level = Infinity
  for (const rule of table.rules) {
    if (rule.level > level) break
    if (taking.has(rule.source)) continue
    const taken = rule.match === undefined ? true : matchesRequest(rule.match, http)
    if (taken === false) continue
    reached.push(...followRule(mesh, chain, { rule, request }))
    if (taken !== true) continue
    taking.add(rule.source)
    level = rule.level
  }
  return { reached, isTaken: taking.size > 0 }
}

/** A request with the default values of the fields that it does not specify, as for policies. */
function routedRequest({
  method = 'GET',
  path = '/',
  host,
  headers = {},
}: RequestHttp): RoutedRequest {
  return { method, path, host, headers }
}

function followRule(
  mesh: Mesh,
  chain: ServiceChain,
  { rule, request }: { readonly rule: TableRule; readonly request: ChainRequest },
): RoutedTo[] {
  if (rule.action === 'answer') return [{ kind: 'answer' }]
  if (rule.action === 'delegate')
    return [{ kind: 'unknown', why: 'another VirtualService has the routes' }]
  return rule.destinations.map((destination) =>
    followDestination(mesh, chain, { destination, port: request.port }),
  )
}

function followDestination(
  mesh: Mesh,
  { gateway }: ServiceChain,
  { destination, port }: { readonly destination: RouteDestination; readonly port: number },
): RoutedTo {
  const [service, ...others] = destination.services
  if (!service || others.length > 0)
    return {
      kind: 'unknown',
      why: service
        ? `the files define ${destination.name} more than once`
        : `there is no Service ${destination.name} in these files`,
    }
  const found = serviceAt(mesh, service, destination.port ?? onlyPort(service) ?? port)
  if (found.kind === 'missing')
    return { kind: 'unknown', why: `there is no ${found.what} in these files` }
  const { subset } = destination
  if (subset === undefined) return { kind: 'backends', backends: found.backends }
  const labels = subsetLabels(mesh, service, { subset, proxy: gateway.namespace })
  return labels === undefined
    ? {
        kind: 'unknown',
        why: `no DestinationRule in these files defines subset ${subset} of ${qualifiedName(service)}`,
      }
    : {
        kind: 'backends',
        backends: found.backends.filter(({ workload }) =>
          matchesLabels(labels, podLabels(workload)),
        ),
      }
}

/** A destination without a port means the only port of its Service (listener_waypoint.go getWaypointDestinationCluster). */
function onlyPort(service: Service | ServiceEntry): number | undefined {
  const ports =
    service.type === 'Service'
      ? service.ports.map(({ port }) => port)
      : service.ports.map(({ number }) => number)
  return ports.length === 1 ? ports[0] : undefined
}
