import type { BackendReference, Route } from '../resources/route.js'
import { ISTIO_NETWORKING } from '../vocabulary/kinds.js'
import { isPlaceholder } from '../yaml/placeholder.js'

const HEADER_FILTERS = ['RequestHeaderModifier', 'ResponseHeaderModifier']

/** The filters that istiod converts. Routes for TCP have none. */
const FILTERS: Readonly<Record<Route['type'], readonly string[]>> = {
  HTTPRoute: [...HEADER_FILTERS, 'RequestRedirect', 'RequestMirror', 'URLRewrite', 'CORS'],
  GRPCRoute: [...HEADER_FILTERS, 'RequestMirror'],
  TCPRoute: [],
  TLSRoute: [],
}

/**
 * Whether istiod drops a route with all of its rules, because it cannot convert one of them
 * (`gateway/conversion.go` convertHTTPRoute, buildDestination; `route_collections.go` computeRoute). Other controllers
 * may accept it.
 */
export function isDroppedByIstiod({ type, rules, backendRefs }: Route): boolean {
  return (
    rules.some(({ filters }) => !areIn(FILTERS[type], filters)) ||
    backendRefs.some(
      (backend) =>
        backend.weight !== 0 && (!areIn(HEADER_FILTERS, backend.filters) || isMalformed(backend)),
    )
  )
}

function areIn(supported: readonly string[], filters: readonly string[]): boolean {
  return filters.every((filter) => supported.includes(filter) || isPlaceholder(filter))
}

/** A host name in place of the name of a Service, or a host with a namespace or without a port. */
function isMalformed({ group, kind, name, namespace, port }: BackendReference): boolean {
  if (group === '' && kind === 'Service') return name.includes('.') && !isPlaceholder(name)
  return (
    group === ISTIO_NETWORKING &&
    kind === 'Hostname' &&
    (namespace !== undefined || port === undefined)
  )
}
