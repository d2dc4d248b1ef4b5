import { evaluateAtSidecar, evaluateAtWaypoint } from '../access/evaluateAtEnvoy.js'
import {
  evaluateAtZtunnel,
  matchingRuleAtZtunnel,
  type Arrival,
} from '../access/evaluateAtZtunnel.js'
import type { Hop } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import { policiesAtSidecar, policiesAtWaypoint } from '../waypoint/attachedPolicies.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import { policiesAtZtunnel } from '../ztunnel/enforcement.js'
import type { LoggedProxy } from './loggedProxy.js'
import type { LogLine } from './logLine.js'

/** The proxies of the files that a line can be about. */
type KnownProxy = Exclude<LoggedProxy, { point: 'unknown' }>

/**
 * What the files say about the connection of a line, one hop for each proxy that it can be about. Empty if the line
 * does not show the identity of the client or the port.
 */
export function predictedHops(mesh: Mesh, line: LogLine, proxy: KnownProxy): readonly Hop[] {
  const arrival = proxy.point === 'ztunnel' ? arrivalOf(line, proxy) : undefined
  if (arrival) return [evaluateAtZtunnel(mesh, arrival)]
  const { port } = proxy
  if (!line.showsIdentity || port === undefined || proxy.point === 'ztunnel') return []
  const request = { peer: line.client, port, http: line.http, isHttp: line.http !== undefined }
  return proxy.point === 'waypoint'
    ? proxy.chains.map((chain) => evaluateAtWaypoint(mesh, chain, request))
    : proxy.workloads.map((workload) => evaluateAtSidecar(mesh, workload, request))
}

/** The connection as ztunnel sees it; undefined if the line does not show it. */
function arrivalOf(
  { client, destination, showsIdentity }: LogLine,
  { workload, port }: Extract<LoggedProxy, { point: 'ztunnel' }>,
): Arrival | undefined {
  if (!showsIdentity || port === undefined) return undefined
  return {
    workload,
    port,
    identity: client.identity,
    sourceIp: client.ip,
    destinationIp: destination.ip,
  }
}

/**
 * The rule of a policy that matches the connection of a line of ztunnel. If none does, the addresses are not
 * compared: a load balancer or a NAT in front of the proxy can change what the line shows.
 */
export function matchingRule(
  mesh: Mesh,
  name: string,
  { line, proxy }: { readonly line: LogLine; readonly proxy: LoggedProxy },
): number | undefined {
  const arrival = proxy.point === 'ztunnel' ? arrivalOf(line, proxy) : undefined
  if (!arrival) return undefined
  const anyAddress = { ...arrival, sourceIp: undefined, destinationIp: undefined }
  return matchingRuleAtZtunnel(mesh, name, arrival) ?? matchingRuleAtZtunnel(mesh, name, anyAddress)
}

/** The AuthorizationPolicies that the files attach to a proxy. */
export function policiesAtProxy(mesh: Mesh, proxy: KnownProxy): readonly AuthorizationPolicy[] {
  const policies =
    proxy.point === 'ztunnel'
      ? mesh.get(policiesAtZtunnel, proxy.workload).flatMap(({ policy }) => policy ?? [])
      : proxy.point === 'waypoint'
        ? proxy.chains.flatMap((chain) => policiesAtWaypoint(mesh, chain))
        : proxy.workloads.flatMap((workload) => mesh.get(policiesAtSidecar, workload))
  return [...new Set(policies)]
}

/** The ALLOW policies that apply at a proxy. */
export function allowPoliciesAt(mesh: Mesh, proxy: KnownProxy): readonly AuthorizationPolicy[] {
  return policiesAtProxy(mesh, proxy).filter(
    (policy) => policy.action === 'ALLOW' && !isDryRun(policy),
  )
}

/** Whether a proxy has an ALLOW policy, also one that istiod generates for a waypoint. */
export function hasAllowPolicies(mesh: Mesh, proxy: KnownProxy): boolean {
  return proxy.point === 'ztunnel'
    ? mesh
        .get(policiesAtZtunnel, proxy.workload)
        .some(({ authorization }) => authorization.action === 'Allow' && !authorization.dryRun)
    : allowPoliciesAt(mesh, proxy).length > 0
}

/** The name of a proxy: `ztunnel of shop/cart`, `waypoint shop/waypoint`. */
export function proxyInWords(proxy: KnownProxy): string {
  if (proxy.point === 'ztunnel') return `ztunnel of ${qualifiedName(proxy.workload)}`
  const names =
    proxy.point === 'waypoint'
      ? proxy.chains.map(({ gateway }) => qualifiedName(gateway))
      : proxy.workloads.map(qualifiedName)
  return proxy.point === 'waypoint'
    ? `waypoint ${names.join(' or ')}`
    : `sidecar of ${names.join(' or ')}`
}
