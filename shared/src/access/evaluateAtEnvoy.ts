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
  policiesOfRoutes,
  requestAuthenticationsAtSidecar,
  requestAuthenticationsAtWaypoint,
} from '../waypoint/attachedPolicies.js'
import { hasLayeredPolicies, type WaypointChain } from '../waypoint/attachment.js'
import type { EnvoyConnection, HttpRequest } from '../waypoint/connection.js'
import { decideAtEnvoy, type EnvoyDecision } from '../waypoint/decide.js'
import { lacksToken, requiredTokens } from '../waypoint/requiredTokens.js'
import { isOpaque, servicePortProtocol } from '../waypoint/portProtocol.js'
import { isDryRun } from '../ztunnel/convertAuthorizationPolicy.js'
import { possiblePeerAuthentications } from '../ztunnel/enforcement.js'
import { intendedMode } from '../ztunnel/peerAuthentication.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import type { Peer } from './client.js'
import { decisionWithoutPolicies, ofKnownClass } from './gatewayDecisions.js'
import { OLDEST_IS_UNKNOWN } from './evaluateAtZtunnel.js'
import { TOKEN_IS_MISSING } from './reasonInWords.js'
import type { Hop, RequestHttp } from './request.js'
import { claimsOf } from './requestValues.js'

/** The request as a proxy receives it. */
interface EnvoyArrival {
  readonly peer: Peer
  readonly port: number
  /** Undefined on a TCP filter chain. */
  readonly http: RequestHttp | undefined
  /** Whether it arrives at an HTTP filter chain, also where the request specifies no HTTP fields. */
  readonly isHttp: boolean
  /** Whether the filter chain reads the server name of TLS. */
  readonly isTls?: boolean
}

/** The hop at a waypoint. */
export function evaluateAtWaypoint(mesh: Mesh, chain: WaypointChain, arrival: EnvoyArrival): Hop {
  const at = { point: 'waypoint', name: qualifiedName(chain.gateway) } as const
  const tokens = requestAuthenticationsAtWaypoint(mesh, chain)
  const connection = connectionOf(arrival, tokens, false)
  const fixed = decisionWithoutPolicies(mesh, chain.gateway)
  if (fixed) return hop(at, connection, fixed, [])
  const policies = policiesAtWaypoint(mesh, chain)
  const decision = ofKnownClass(
    mesh,
    chain.gateway,
    decideOnRoutes(mesh, chain, { connection, policies }),
  )
  const layered = decision.verdict === 'deny' ? undefined : denialAtConnect(mesh, chain, connection)
  return (
    tokenDenial(mesh, at, { arrival, tokens, connection }) ??
    hop(at, connection, layered ?? decision, policies)
  )
}

/**
 * The decision of the policies of a chain. With a flag, policies for an HTTPRoute may replace them on
 * that route: `undecided` where their decision is another one (docs/semantics.md §3.11).
 */
function decideOnRoutes(
  mesh: Mesh,
  chain: WaypointChain,
  {
    connection,
    policies,
  }: {
    readonly connection: EnvoyConnection
    readonly policies: readonly AuthorizationPolicy[]
  },
): EnvoyDecision {
  const decision = decide(mesh, policies, connection)
  if (!connection.http) return decision
  const other = policiesOfRoutes(mesh, chain)
    .map((replacing) => decide(mesh, replacing, connection))
    .find(({ verdict }) => verdict !== decision.verdict)
  return other
    ? {
        ...other,
        verdict: 'undecided',
        reason: 'a policy targets an HTTPRoute, and its effect at a waypoint is not known',
      }
    : decision
}

/** The denial of a request without a token that a RequestAuthentication requires. */
function tokenDenial(
  mesh: Mesh,
  at: Pick<Hop, 'point' | 'name'>,
  {
    arrival,
    tokens,
    connection,
  }: {
    readonly arrival: EnvoyArrival
    readonly tokens: readonly RequestAuthentication[]
    readonly connection: EnvoyConnection
  },
): Hop | undefined {
  if (!arrival.isHttp && !arrival.http) return undefined
  const issuer = (arrival.http?.claims ?? claimsOf(arrival.http?.requestPrincipal))?.['iss']
  const required = requiredTokens(mesh, tokens).map((rule) => ({
    rule,
    lacks: lacksToken(rule, issuer),
  }))
  const [found] = [true, 'unknown'].flatMap((answer) =>
    required.filter(({ lacks }) => lacks === answer),
  )
  if (!found) return undefined
  const { policy, index } = found.rule
  return {
    ...hop(at, connection, NO_TOKEN, []),
    ...(found.lacks === 'unknown'
      ? { verdict: 'undecided', reason: 'the issuer of the required token is not known' }
      : {}),
    policy: qualifiedName(policy),
    rule: index,
    place: { resource: policy, path: ['spec', 'jwtRules', index] },
  }
}

/** As in the response code details of Envoy's JWT filter. */
const NO_TOKEN: EnvoyDecision = {
  verdict: 'deny',
  reason: TOKEN_IS_MISSING,
  policy: undefined,
  rule: undefined,
}

/** Why nothing is certain where a waypoint's CONNECT layer enforces policies too. */
export const LAYERED_IS_UNKNOWN =
  'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES is on, and its effect here is not known'

/**
 * With `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES` the waypoint's CONNECT layer enforces policies too, in a way
 * that no test of Istio covers (docs/semantics.md §3.2): `undecided` where it would deny.
 */
function denialAtConnect(
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

/** The hop at a sidecar, which sees the client's address and enforces PeerAuthentication as written. */
export function evaluateAtSidecar(mesh: Mesh, workload: Workload, arrival: EnvoyArrival): Hop {
  const http = isOpaquePort(mesh, workload, arrival.port) ? undefined : arrival.http
  const tokens = mesh.get(requestAuthenticationsAtSidecar, workload)
  const connection = connectionOf({ ...arrival, http }, tokens, true)
  const policies = mesh.get(policiesAtSidecar, workload)
  const refuses = connection.identity
    ? [false]
    : mesh
        .get(possiblePeerAuthentications, workload)
        .map((each) => intendedMode(each, arrival.port) === 'STRICT')
  const denied: EnvoyDecision = {
    verdict: 'deny',
    reason: 'filter_chain_not_found',
    policy: undefined,
    rule: undefined,
  }
  const at = { point: 'sidecar', name: qualifiedName(workload) } as const
  if (refuses.every(Boolean)) return hop(at, connection, denied, [])
  const found =
    tokenDenial(mesh, at, { arrival: { ...arrival, http }, tokens, connection }) ??
    hop(at, connection, decide(mesh, policies, connection), policies)
  return refuses.includes(true) && found.verdict === 'allow'
    ? hop(at, connection, DEPENDS_ON_AGE, [])
    : found
}

const DEPENDS_ON_AGE: EnvoyDecision = {
  verdict: 'undecided',
  reason: OLDEST_IS_UNKNOWN,
  policy: undefined,
  rule: undefined,
}

/** Whether every Service of a workload declares this container port as plain TCP. */
function isOpaquePort(mesh: Mesh, workload: Workload, containerPort: number): boolean {
  const ports = mesh
    .get(servicesOfWorkload, workload)
    .flatMap((service) =>
      service.ports.filter((port) => targetPortOf(workload, port.targetPort) === containerPort),
    )
  return ports.length > 0 && ports.every((port) => isOpaque(servicePortProtocol(port)))
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
    extensionProviders: settings.extensionProviders,
  })
}

function hop(
  at: Pick<Hop, 'point' | 'name'>,
  connection: EnvoyConnection,
  decision: EnvoyDecision,
  policies: readonly AuthorizationPolicy[],
): Hop {
  const { policy, rule, verdict, reason } = decision
  // If no policy decided, the ALLOW policies are the reason: none of them matched.
  const unmatched = policy
    ? []
    : policies
        .filter((candidate) => candidate.action === 'ALLOW' && !isDryRun(candidate))
        .map(qualifiedName)
  return {
    point: at.point,
    name: at.name,
    identity: connection.identity ? formatPrincipal(connection.identity) : null,
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
  { peer, port, http, isTls = false }: Omit<EnvoyArrival, 'isHttp'>,
  tokens: readonly RequestAuthentication[],
  seesSourceIp: boolean,
): EnvoyConnection {
  return {
    identity: peer.identity,
    sourceIp: peer.ip,
    seesSourceIp,
    destinationIp: undefined,
    destinationPort: port,
    isTls,
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

/** The claims of the token, if a RequestAuthentication verifies its issuer. */
function verifiedClaims(
  http: RequestHttp,
  tokens: readonly RequestAuthentication[],
): HttpRequest['claims'] {
  const claims = http.claims ?? claimsOf(http.requestPrincipal)
  return claims && tokens.some(({ issuers }) => issuers.some((issuer) => issuer === claims['iss']))
    ? claims
    : undefined
}
