import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import { servicesOfWorkload, targetPortOf } from '../mesh/services.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import {
  policiesAtConnect,
  policiesAtSidecar,
  policiesAtWaypoint,
  requestAuthenticationsAtSidecar,
  requestAuthenticationsAtWaypoint,
} from '../waypoint/attachedPolicies.js'
import { hasLayeredPolicies, type WaypointChain } from '../waypoint/attachment.js'
import type { EnvoyConnection, HttpRequest } from '../waypoint/connection.js'
import { decideAtEnvoy, type EnvoyDecision } from '../waypoint/decide.js'
import { servicePortProtocol } from '../waypoint/portProtocol.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import { peerAuthenticationOf } from '../ztunnel/enforcement.js'
import { intendedMode } from '../ztunnel/peerAuthentication.js'
import { principalOf } from '../ztunnel/rbac.js'
import type { Peer } from './client.js'
import type { Hop, RequestHttp } from './request.js'

/** How the request arrives at a proxy. */
interface EnvoyArrival {
  readonly peer: Peer
  readonly port: number
  /** Undefined where the chain is TCP. */
  readonly http: RequestHttp | undefined
}

export function judgeAtWaypoint(mesh: Mesh, chain: WaypointChain, arrival: EnvoyArrival): Hop {
  const tokens = requestAuthenticationsAtWaypoint(mesh, chain)
  const connection = connectionOf(arrival, tokens, false)
  const policies = policiesAtWaypoint(mesh, chain)
  const decision = decide(mesh, policies, connection)
  const layered =
    decision.verdict === 'deny' ? undefined : refusalAtConnect(mesh, chain, connection)
  return hop(
    { point: 'waypoint', name: qualifiedName(chain.gateway) },
    connection,
    layered ?? decision,
    policies,
  )
}

/** Why nothing is certain where a waypoint's CONNECT layer enforces policies too. */
export const LAYERED_IS_UNKNOWN =
  'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES is on, and what it does here is not known'

/**
 * With `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES` the waypoint's CONNECT layer judges too, by policies that no test of Istio covers (docs/semantics.md §3.2):
 * where they would refuse, nothing is sure.
 */
function refusalAtConnect(
  mesh: Mesh,
  chain: WaypointChain,
  connection: EnvoyConnection,
): EnvoyDecision | undefined {
  if (!hasLayeredPolicies(mesh)) return undefined
  const decision = decide(mesh, policiesAtConnect(mesh, chain.gateway), {
    ...connection,
    http: undefined,
  })
  if (decision.verdict === 'allow') return undefined
  return {
    ...decision,
    verdict: 'undecided',
    reason: LAYERED_IS_UNKNOWN,
  }
}

/** A sidecar knows its client's address, and PeerAuthentication means there what it says. */
export function judgeAtSidecar(mesh: Mesh, workload: Workload, arrival: EnvoyArrival): Hop {
  const http = isOpaque(mesh, workload, arrival.port) ? undefined : arrival.http
  const connection = connectionOf(
    { ...arrival, http },
    mesh.get(requestAuthenticationsAtSidecar, workload),
    true,
  )
  const policies = mesh.get(policiesAtSidecar, workload)
  const strict =
    !connection.identity &&
    intendedMode(mesh.get(peerAuthenticationOf, workload), arrival.port) === 'STRICT'
  const refused: EnvoyDecision = {
    verdict: 'deny',
    reason: 'filter_chain_not_found',
    policy: undefined,
    rule: undefined,
  }
  const at = { point: 'sidecar', name: qualifiedName(workload) } as const
  return strict
    ? hop(at, connection, refused, [])
    : hop(at, connection, decide(mesh, policies, connection), policies)
}

/** Whether every Service of a workload says that this container port is plain TCP. */
function isOpaque(mesh: Mesh, workload: Workload, containerPort: number): boolean {
  const ports = mesh
    .get(servicesOfWorkload, workload)
    .flatMap((service) =>
      service.ports.filter((port) => targetPortOf(workload, port.targetPort) === containerPort),
    )
  return ports.length > 0 && ports.every((port) => servicePortProtocol(port) === 'tcp')
}

function decide(
  mesh: Mesh,
  policies: readonly AuthorizationPolicy[],
  connection: EnvoyConnection,
): EnvoyDecision {
  const settings = mesh.settings
  return decideAtEnvoy(policies, connection, {
    trustDomain: settings.trustDomain,
    aliases: settings.trustDomainAliases,
    severalProviders: settings.flag('PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS'),
  })
}

function hop(
  at: Pick<Hop, 'point' | 'name'>,
  connection: EnvoyConnection,
  decision: EnvoyDecision,
  policies: readonly AuthorizationPolicy[],
): Hop {
  const { policy, rule, verdict, reason } = decision
  // Without a policy that decided, those that demand a match are the reason; where there are none, all is allowed.
  const unmatched = policy
    ? []
    : policies
        .filter((candidate) => candidate.action === 'ALLOW' && !isDryRun(candidate))
        .map(qualifiedName)
  return {
    ...at,
    identity: connection.identity ? principalOf(connection.identity) : null,
    port: connection.destinationPort,
    verdict,
    reason,
    policy: policy ? qualifiedName(policy) : null,
    rule: rule ?? null,
    place: policy && { resource: policy, path: ['spec', 'rules', rule] },
    evidence: unmatched,
  }
}

function connectionOf(
  { peer, port, http }: EnvoyArrival,
  tokens: readonly RequestAuthentication[],
  seesSourceIp: boolean,
): EnvoyConnection {
  return {
    identity: peer.identity,
    sourceIp: peer.ip,
    seesSourceIp,
    destinationIp: undefined,
    destinationPort: port,
    http: http && requestOf(http, tokens),
  }
}

function requestOf(http: RequestHttp, tokens: readonly RequestAuthentication[]): HttpRequest {
  return {
    method: http.method ?? 'GET',
    path: http.path ?? '/',
    host: http.host ?? '',
    headers: http.headers ?? {},
    claims: verifiedClaims(http, tokens),
  }
}

/** A token counts where a RequestAuthentication verifies it. */
function verifiedClaims(
  http: RequestHttp,
  tokens: readonly RequestAuthentication[],
): HttpRequest['claims'] {
  const claims =
    http.claims ??
    (http.requestPrincipal === undefined ? undefined : claimsOf(http.requestPrincipal))
  return claims && tokens.some(({ issuers }) => issuers.some((issuer) => issuer === claims['iss']))
    ? claims
    : undefined
}

/** `issuer/subject`, split at the last slash; undefined for what is none. */
function claimsOf(requestPrincipal: string): HttpRequest['claims'] {
  const slash = requestPrincipal.lastIndexOf('/')
  return slash < 0
    ? undefined
    : { iss: requestPrincipal.slice(0, slash), sub: requestPrincipal.slice(slash + 1) }
}
