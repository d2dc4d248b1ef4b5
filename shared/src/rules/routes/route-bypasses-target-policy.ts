import { CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import { requiredTokens } from '../../waypoint/requiredTokens.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isEqual } from '../../text/isEqual.js'
import {
  policiesAtWaypoint,
  policiesOfService,
  requestAuthenticationsAtWaypoint,
  requestAuthenticationsOfService,
} from '../../waypoint/attachedPolicies.js'
import {
  destinationsIn,
  keepsHttpMatch,
  keepsTcpMatch,
  readsRoute,
  type MeshRoute,
  type RouteDestination,
  type ServiceChain,
} from '../../waypoint/routes.js'
import { waypointIdentity } from '../../access/route.js'
import { isCaptured } from '../../ztunnel/enforcement.js'
import { probe } from '../../ztunnel/probe.js'
import { defineRule } from '../rule.js'
import { routedServices, waypointsFor } from '../support/meshRoutes.js'
import { shownName } from '../support/resourceNames.js'
import { ztunnelPoliciesOf } from '../support/waypointVerdicts.js'
import { reachedContainerPorts } from '../support/waypointPaths.js'
import { firstThatFits, listed, quoted } from '../support/words.js'
import { applyToCalled } from './applyToCalled.js'
import { restrictsAccess } from '../support/restrictsAccess.js'

export const routeBypassesTargetPolicy = defineRule({
  name: 'route-bypasses-target-policy',
  level: 'warning',
  subjects: ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute', 'VirtualService'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
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
    const chains = chainsOf(mesh, route)
    if (chains.length === 0) return
    for (const destination of takenDestinations(mesh, route, chains)) {
      const [reached, ...others] = destination.services
      const bypass = reached && others.length === 0 ? bypassTo(mesh, chains, reached) : undefined
      if (!reached || !bypass) continue
      const { chain, policies } = bypass
      report({
        message: messageOf(chain.service, reached, policies),
        path: destination.path,
        certainties: [chain.certainty],
        related: [
          ...policies.map((resource) => ({
            resource,
            path: ['metadata', 'name'],
            message: `The policy for ${reached.type} "${reached.name}".`,
          })),
          {
            resource: chain.gateway,
            path: ['metadata', 'name'],
            message: `Waypoint "${shownName(chain.gateway)}" enforces only the policies for ${chain.service.type} "${chain.service.name}" on these requests.`,
          },
        ],
        fixes: () => applyToCalled(mesh, { chain, reached, policies }),
      })
    }
  },
})

/** A policy that targets a Service and denies some of its requests. */
type TargetingPolicy = AuthorizationPolicy | RequestAuthentication

interface KnownChain extends ServiceChain {
  readonly certainty: KnownCertainty
}

/** The chains of waypoints that read the route. */
function chainsOf(mesh: Mesh, route: MeshRoute): KnownChain[] {
  return routedServices(mesh, route).flatMap(({ service }) => {
    const waypoints = waypointsFor(mesh, service)
    return (waypoints?.gateways ?? [])
      .map((gateway) => ({ gateway, service, certainty: waypoints?.certainty ?? CERTAIN }))
      .filter((chain) => readsRoute(mesh, route, chain))
  })
}

/** The destinations of the routes that some of the waypoints keep, each place once. */
function takenDestinations(
  mesh: Mesh,
  route: MeshRoute,
  chains: readonly ServiceChain[],
): RouteDestination[] {
  if (route.type !== 'VirtualService')
    return route.rules
      .filter(({ redirects }) => !redirects)
      .flatMap((rule) => destinationsIn(mesh, route, rule))
  const http = route.http.filter(
    ({ matches, answers }) =>
      !answers &&
      (matches.length === 0 ||
        matches.some(({ source }) =>
          chains.some(({ gateway }) => keepsHttpMatch(source, gateway)),
        )),
  )
  const tcp = [...route.tls, ...route.tcp].filter(
    ({ matches }) => matches.length === 0 || matches.some(({ source }) => keepsTcpMatch(source)),
  )
  return [...http, ...tcp].flatMap((taken) => destinationsIn(mesh, route, taken))
}

/** The policies for a Service that are not enforced on a request that a waypoint sends to it. */
function bypassTo(
  mesh: Mesh,
  chains: readonly KnownChain[],
  reached: Service | ServiceEntry,
): { readonly chain: KnownChain; readonly policies: readonly TargetingPolicy[] } | undefined {
  if (!waypointsFor(mesh, reached)) return undefined
  for (const chain of chains) {
    if (isSame(chain.service, reached) || isRefused(mesh, chain, reached)) continue
    const enforced = policiesAtWaypoint(mesh, chain)
    const policies = policiesOfService(mesh, reached).filter(
      (policy) =>
        restrictsAccess(policy) &&
        !enforced.some(
          (other) =>
            other === policy ||
            (other.action === policy.action &&
              other.provider === policy.provider &&
              isEqual(other.rules, policy.rules)),
        ),
    )
    const all = [...policies, ...tokensNotRequired(mesh, chain, reached)]
    if (all.length > 0) return { chain, policies: all }
  }
  return undefined
}

/** The RequestAuthentications that require a token of requests to a Service, and not on a chain. */
function tokensNotRequired(
  mesh: Mesh,
  chain: KnownChain,
  reached: Service | ServiceEntry,
): RequestAuthentication[] {
  const enforced = requiredTokens(mesh, requestAuthenticationsAtWaypoint(mesh, chain))
  return requestAuthenticationsOfService(mesh, reached).filter((policy) =>
    requiredTokens(mesh, [policy]).some(
      ({ issuer }) => !enforced.some((other) => other.policy === policy || other.issuer === issuer),
    ),
  )
}

function isSame(a: Service | ServiceEntry, b: Service | ServiceEntry): boolean {
  return a.type === b.type && a.namespace === b.namespace && a.name === b.name
}

/** Whether ztunnel denies the waypoint at every pod of a Service. */
function isRefused(
  mesh: Mesh,
  { gateway }: ServiceChain,
  reached: Service | ServiceEntry,
): boolean {
  if (reached.type === 'ServiceEntry') return false
  const identity = waypointIdentity(mesh, gateway)
  const workloads = mesh.get(workloadsOfService, reached)
  return (
    workloads.length > 0 &&
    workloads.every(
      (workload) =>
        mesh.get(isCaptured, workload) &&
        reachedContainerPorts(workload, reached).every(
          (port) => probe(mesh.get(ztunnelPoliciesOf, workload), { identity, port }) === 'deny',
        ),
    )
  )
}

function messageOf(
  called: Service | ServiceEntry,
  reached: Service | ServiceEntry,
  policies: readonly TargetingPolicy[],
): string {
  const names = policies.map(({ name }) => quoted(name))
  const subject = `${policies.length === 1 ? 'policy' : 'policies'} ${listed(names)}`
  return firstThatFits(
    `Requests that this route sends from Service ${quoted(called.name)} to ${quoted(reached.name)} are not subject to ${subject}.`,
    `Requests that this route sends to ${quoted(reached.name)} are not subject to ${subject}.`,
    `Requests that this route sends to ${quoted(reached.name)} are not subject to its policies.`,
  )
}
