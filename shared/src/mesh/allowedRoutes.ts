import type { AllowedRoutes, Gateway, Listener } from '../resources/gateway.js'
import { matchesLabelSelector } from '../resources/labelSelector.js'
import { isUnnamed } from '../resources/namespaceId.js'
import type { ParentReference, Route, RouteType } from '../resources/route.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { matchesHost } from './hosts.js'
import type { Mesh } from './mesh.js'
import { namespaceObject } from './namespaces.js'

/** The `allowedRoutes` of a listener; `Same` if they are absent. */
interface ListenerOf {
  readonly gateway: Gateway
  readonly allowedRoutes: AllowedRoutes | undefined
}

/** Whether a listener allows the routes of a namespace; `unknown` where the files do not have the Namespace. */
export function allowsRoutesOf(
  mesh: Mesh,
  { gateway, allowedRoutes }: ListenerOf,
  namespace: string,
): boolean | 'unknown' {
  const from = allowedRoutes?.from ?? 'Same'
  if (from === 'All') return true
  if (from === 'Same') return gateway.namespace === namespace
  if (from !== 'Selector') return false
  const selector = allowedRoutes?.selector
  const labels = mesh.get(namespaceObject, namespace)?.labels
  if (mesh.world === 'open' && !mesh.named('Namespace', '', namespace)) return 'unknown'
  return (
    selector !== undefined &&
    matchesLabelSelector(selector, { ...labels, [METADATA_NAME]: namespace })
  )
}

/**
 * Whether no listener of a Gateway takes a route that names it with a `parentRef`. Istio drops the route then
 * (docs/semantics.md §1.6).
 */
export function refusesRoute(
  mesh: Mesh,
  gateway: Gateway,
  { route, parent }: { readonly route: Route; readonly parent: ParentReference },
): boolean {
  const { listeners } = gateway
  return (
    listeners.length > 0 &&
    !isUnnamed(route.namespace) &&
    !listeners.some(
      (listener) =>
        isNamed(listener, parent) &&
        takesKind(listener, route.type) &&
        sharesHost(listener, route.hostnames) &&
        allowsRoutesOf(
          mesh,
          { gateway, allowedRoutes: listener.allowedRoutes },
          route.namespace,
        ) !== false,
    )
  )
}

/** Whether a `parentRef` can mean a listener. Another tool may fill in a name. */
function isNamed(listener: Listener, { sectionName, port }: ParentReference): boolean {
  return (
    (port === undefined || port === listener.port) &&
    (sectionName === undefined ||
      sectionName === listener.name ||
      isPlaceholder(sectionName) ||
      isPlaceholder(listener.name))
  )
}

const PROTOCOLS_WITHOUT_HTTP = ['TCP', 'TLS', 'UDP']

/** Whether the protocol of a listener and its `allowedRoutes.kinds` can allow a kind of routes. */
function takesKind({ protocol, allowedRoutes: { kinds } }: Listener, type: RouteType): boolean {
  const isHttp = type === 'HTTPRoute' || type === 'GRPCRoute'
  if (isHttp && PROTOCOLS_WITHOUT_HTTP.includes(protocol)) return false
  return kinds === undefined || kinds.some((kind) => kind === type || isPlaceholder(kind))
}

/** Whether a listener and a route have a host in common. Without a host both mean every one. */
function sharesHost({ hostname = '' }: Listener, hostnames: readonly string[]): boolean {
  return (
    hostname === '' ||
    hostnames.length === 0 ||
    isPlaceholder(hostname) ||
    hostnames.some((host) => isPlaceholder(host) || matchesHost(hostname, host))
  )
}
