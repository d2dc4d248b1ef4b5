import { resolveHost, type HostDefinition, type Resolution } from '../mesh/hostResolution.js'
import type { Mesh } from '../mesh/mesh.js'
import { waypointOfService } from '../mesh/waypoints.js'
import { qualifiedName } from '../resources/resource.js'
import { isUnboundWildcard } from '../waypoint/wildcardHosts.js'
import type { Client } from './client.js'
import { destinationOf, serviceAt, type Destination } from './destination.js'
import type { AccessRequest } from './request.js'

/** What a client reaches. */
export type Reached =
  | Destination
  /** A host outside of the mesh: no proxy evaluates the connection. */
  | { readonly kind: 'direct'; readonly why: string }
  | { readonly kind: 'undecided'; readonly why: string }

/** What a request may reach: several where the files do not decide. */
export interface Destinations {
  readonly reached: readonly Reached[]
  /** Why the files do not decide. */
  readonly doubts: readonly string[]
}

/** What the client of a request reaches. A host leads to what ztunnel's DNS answers (docs/semantics.md §2.8). */
export function destinationsOf(
  mesh: Mesh,
  client: Client,
  { from, to }: AccessRequest,
): Destinations {
  const named = { reached: [destinationOf(mesh, to)], doubts: [] }
  if (!('host' in to)) return named
  const [destination] = named.reached
  if (
    client.kind === 'outside' &&
    destination?.kind === 'missing' &&
    !mesh.hasOpaque('ServiceEntry')
  )
    return { reached: [{ kind: 'direct', why: noEntry(to.host, 'the client') }], doubts: [] }
  if (client.kind !== 'ambient') return named
  const found = client.dnsCapture.map((dnsCapture) =>
    resolveHost(mesh, { namespace: from.namespace ?? '', dnsCapture }, to.host),
  )
  return {
    reached: found.flatMap((resolution) => reachedBy(mesh, to, resolution)),
    doubts: [
      ...new Set([
        ...found.flatMap(({ doubts }) => doubts),
        ...(found.length > 1 ? ['pods of the client differ in DNS capture'] : []),
      ]),
    ],
  }
}

function reachedBy(
  mesh: Mesh,
  to: { readonly host: string; readonly port: number },
  { reached, direct, misses }: Resolution,
): Reached[] {
  const places = reached.map((definition) => atDefinition(mesh, definition, to.port))
  if (!direct)
    return places.length > 0
      ? places
      : [{ kind: 'missing', what: `object with the address ${to.host}` }]
  const isServiceName = /^[^.]+$|\.svc(\.|$)/.test(to.host)
  if (isServiceName)
    return [...places, { kind: 'missing', what: `Service with the host ${to.host}` }]
  if (mesh.hasOpaque('ServiceEntry'))
    return [...places, { kind: 'undecided', why: `a template may define ${to.host}` }]
  return [
    ...places,
    { kind: 'direct', why: misses.length > 0 ? directly(misses) : noEntry(to.host, 'ztunnel') },
  ]
}

function directly(misses: readonly string[]): string {
  return `the connection bypasses every waypoint: ${misses.join('; ')}`
}

function noEntry(host: string, who: string): string {
  return `no ServiceEntry has the host ${host}: ${who} connects to it directly, with every outboundTrafficPolicy`
}

function atDefinition(mesh: Mesh, { service, pattern }: HostDefinition, port: number): Reached {
  if (
    service.type === 'ServiceEntry' &&
    isUnboundWildcard(service, pattern, mesh.get(waypointOfService, service))
  )
    return {
      kind: 'undecided',
      why: `ServiceEntry ${qualifiedName(service)} does not apply until it is bound to a waypoint`,
    }
  const found = serviceAt(mesh, service, port)
  return found.kind === 'service' && service.type === 'ServiceEntry'
    ? { ...found, host: pattern }
    : found
}
