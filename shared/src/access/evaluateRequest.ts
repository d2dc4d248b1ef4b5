import { filledInMeshes } from '../mesh/filledIn/filledInMeshes.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { bypassesInboundCapture } from '../mesh/pods.js'
import { qualifiedName } from '../resources/resource.js'
import type { WaypointChain } from '../waypoint/attachment.js'
import { isOpaque } from '../waypoint/portProtocol.js'
import {
  disputes,
  outsideName,
  partialObjects,
  rejectedEntries,
  rejections,
  unknownPods,
  unnamedObjects,
} from './assumptions.js'
import { clientOf, type Client, type Peer } from './client.js'
import type { Backend, KnownDestination } from './destination.js'
import { evaluateAtSidecar, evaluateAtWaypoint } from './evaluateAtEnvoy.js'
import { evaluateAtZtunnel } from './evaluateAtZtunnel.js'
import { followRoutes, type RoutedTo } from './followRoutes.js'
import { destinationsOf, type Reached } from './hostDestinations.js'
import { chainMissing } from './missingChain.js'
import { answersOfFilledIn, answersOfVariants } from './possibleAnswers.js'
import type { AccessAnswer, AccessRequest, Hop, Verdict } from './request.js'
import { UNKNOWN_WORKLOAD, unknownClient } from './unknownClient.js'
import { unknownReadings } from './unknownReadings.js'
import { resolveEndpoints, waypointIdentity, routesTo } from './route.js'

/**
 * Evaluates a request hop by hop (docs/semantics.md §2.5, §3.8, §5, §7). The mesh must be closed: its files are the
 * whole mesh. `undecided` if several definitions of an object, or several installs, lead to different verdicts. The
 * answer lists the assumptions that influenced it.
 */
export function evaluateRequest(mesh: Mesh, request: AccessRequest): AccessAnswer {
  const answer = answerIn(mesh, request)
  const filledIn = answersOfFilledIn(mesh, request, answerOf)
  if (filledIn.some(({ verdict }) => verdict !== answer.verdict))
    return {
      ...answer,
      verdict: 'undecided',
      assumptions: [
        ...answer.assumptions,
        `another tool fills in fields of ${filledInMeshes(mesh).policies.join(', ')}: the verdict depends on them`,
      ],
    }
  const others = answersOfVariants(mesh, request, answerOf)
  if (others.every(({ verdict }) => verdict === answer.verdict)) return answer
  const agreed = others.find((other) => others.every(({ verdict }) => verdict === other.verdict))
  return (
    agreed ?? {
      ...answer,
      verdict: 'undecided',
      assumptions: [...answer.assumptions, SEVERAL_DEFINITIONS],
    }
  )
}

const SEVERAL_DEFINITIONS =
  'these files have several definitions of an object or install, or leave a setting open: the verdict depends on it'

const answerOf = query('answer', answerIn)

function answerIn(mesh: Mesh, request: AccessRequest): AccessAnswer {
  const client = clientOf(mesh, request.from)
  const { reached, doubts } = destinationsOf(mesh, client, request)
  const answers = reached.map((destination) => answerTo(mesh, { client, request }, destination))
  const found = {
    verdict: combine(answers.map((answer) => answer.verdict)),
    hops: answers.flatMap(({ hops }) => hops),
  }
  const { verdict, hops } =
    found.verdict === 'deny' ? found : (unknownClient(mesh, client, request) ?? found)
  const isMissing = reached.every(({ kind }) => kind === 'missing')
  return {
    id: request.id,
    verdict,
    hops,
    assumptions: [
      ...new Set([
        ...(isMissing ? [] : [...client.assumptions, ...disputes(mesh)]),
        ...answers.flatMap(({ assumptions }) => assumptions),
        ...(verdict === 'undecided' ? doubts : []),
      ]),
    ],
  }
}

function answerTo(mesh: Mesh, caller: ClientRequest, destination: Reached): Answer {
  switch (destination.kind) {
    case 'missing':
      return undecided(`there is no ${destination.what} in these files`)
    case 'undecided':
      return undecided(destination.why)
    case 'direct': {
      const { to } = caller.request
      const missing = 'host' in to ? rejectedEntries(mesh, to.host) : []
      return { verdict: 'allow', hops: [], assumptions: [destination.why, ...missing] }
    }
    default: {
      const answers = resolveEndpoints(mesh, caller.client, destination).map((target) =>
        answerOnRoutes(mesh, caller, target),
      )
      const verdict = combine(answers.map((answer) => answer.verdict))
      const unknown = verdict === 'allow' ? unknownPods(mesh, destination) : []
      return {
        verdict: unknown.length > 0 ? 'undecided' : verdict,
        hops: answers.flatMap(({ hops }) => hops),
        assumptions: [
          ...unknown,
          ...rejections(mesh, destination),
          ...unknownReadings(mesh, caller.client, destination),
          ...outsideName(destination),
          ...unnamedObjects(mesh, destination),
          ...partialObjects(mesh, destination),
          ...answers.flatMap(({ assumptions }) => assumptions),
        ],
      }
    }
  }
}

function undecided(why: string): Answer {
  return { verdict: 'undecided', hops: [], assumptions: [why] }
}

interface ClientRequest {
  readonly client: Client
  readonly request: AccessRequest
}

interface RoutedRequest extends ClientRequest {
  readonly chain: WaypointChain | undefined
}

type Answer = Pick<AccessAnswer, 'verdict' | 'hops' | 'assumptions'>

function answerOnRoutes(mesh: Mesh, caller: ClientRequest, destination: KnownDestination): Answer {
  const answers = routesTo(mesh, caller.client, destination).map((chain) =>
    answerOnRoute(mesh, { ...caller, chain }, destination),
  )
  const [first, second] = answers
  if (first && (!second || first.verdict === second.verdict))
    return { ...first, assumptions: answers.flatMap(({ assumptions }) => assumptions) }
  const share = 'some connections use the canary waypoint, which gives another verdict'
  return {
    verdict: 'undecided',
    hops: answers.flatMap(({ hops }) => hops),
    assumptions: [...answers.flatMap(({ assumptions }) => assumptions), share],
  }
}

function answerOnRoute(mesh: Mesh, approach: RoutedRequest, destination: KnownDestination): Answer {
  const { chain } = approach
  const waypoint = chain && hopAtWaypoint(mesh, { ...approach, chain }, destination)
  const ready = chain ? [`the waypoint ${qualifiedName(chain.gateway)} is ready`] : []
  if (waypoint?.verdict === 'deny') return { verdict: 'deny', hops: [waypoint], assumptions: ready }
  const ends = routedTo(mesh, approach, destination).map((place) => answerAt(mesh, approach, place))
  const atBackends = combine(ends.map(({ verdict }) => verdict))
  return {
    verdict: waypoint && atBackends === 'allow' ? waypoint.verdict : atBackends,
    hops: [...(waypoint ? [waypoint] : []), ...ends.flatMap(({ hops }) => hops)],
    assumptions: [...ready, ...new Set(ends.flatMap(({ assumptions }) => assumptions))],
  }
}

/** Where a request goes after the waypoint: to the pods of its destination, or where a route of the waypoint sends it. */
function routedTo(
  mesh: Mesh,
  { chain, request }: RoutedRequest,
  destination: KnownDestination,
): readonly (readonly Backend[] | RoutedElsewhere)[] {
  if (destination.kind === 'workload') return [[destination.backend]]
  const { port, protocol, backends } = destination
  const service = chain?.service
  if (!chain || !service) return [backends]
  const isHttp = protocol === 'http' || (protocol === 'sniffed' && request.http !== undefined)
  const routed = { port, isHttp, http: request.http }
  return followRoutes(mesh, { gateway: chain.gateway, service }, routed).map((place) => {
    if (place.kind === 'called') return backends
    return place.kind === 'backends' ? place.backends : place
  })
}

type RoutedElsewhere = Extract<RoutedTo, { kind: 'answer' | 'unknown' }>

function answerAt(
  mesh: Mesh,
  approach: RoutedRequest,
  place: readonly Backend[] | RoutedElsewhere,
): Answer {
  if ('kind' in place)
    return place.kind === 'answer'
      ? { verdict: 'allow', hops: [], assumptions: [] }
      : { verdict: 'undecided', hops: [], assumptions: [place.why] }
  const hops = place.map((backend) => hopAt(mesh, backend, approach))
  const undescribed = place
    .filter(({ workload }) => mesh.get(enrolmentOf, workload).mode === 'unknown')
    .map(({ workload }) =>
      workload.type === 'WorkloadEntry'
        ? `the machine of WorkloadEntry ${qualifiedName(workload)} has ztunnel`
        : `${qualifiedName(workload)} is captured by ztunnel`,
    )
  return {
    verdict: combine(hops.map((hop) => hop?.verdict ?? 'allow')),
    hops: hops.filter((hop) => hop !== undefined),
    assumptions: undescribed,
  }
}

function hopAtWaypoint(
  mesh: Mesh,
  { client, chain, request }: RoutedRequest & { readonly chain: WaypointChain },
  destination: KnownDestination,
): Hop {
  const { trustDomain, trustDomainAliases } = mesh.settings
  const protocol = destination.kind === 'service' ? destination.protocol : 'sniffed'
  const hop = evaluateAtWaypoint(mesh, chain, {
    peer: client,
    port: destination.kind === 'workload' ? destination.backend.port : destination.port,
    http: isOpaque(protocol) ? undefined : request.http,
    isHttp: protocol === 'http' || (protocol === 'sniffed' && request.http !== undefined),
    isTls: protocol === 'tls',
  })
  const missing = chainMissing(mesh, destination)
  if (missing) return { ...denied(hop, missing.why), verdict: missing.verdict }
  return hasOtherTrustDomain(client, [trustDomain, ...trustDomainAliases])
    ? denied(hop, OTHER_TRUST_DOMAIN)
    : hop
}

/** The hop at a pod: its ztunnel or its sidecar; undefined for a pod without a proxy. */
function hopAt(
  mesh: Mesh,
  { workload, port }: Backend,
  { client, chain, request }: RoutedRequest,
): Hop | undefined {
  const { mode } = mesh.get(enrolmentOf, workload)
  const peer: Peer = chain
    ? { identity: waypointIdentity(mesh, chain.gateway), ip: undefined }
    : client
  if (mode === 'none') return undefined
  if (mode === 'ambient' && !peer.identity && bypassesInboundCapture(workload)) return undefined
  const { trustDomain, trustDomainAliases } = mesh.settings
  if (mode === 'sidecar') {
    const hop = evaluateAtSidecar(mesh, workload, {
      peer,
      port,
      http: request.http,
      isHttp: false,
    })
    return hasOtherTrustDomain(peer, [trustDomain, ...trustDomainAliases])
      ? denied(hop, OTHER_TRUST_DOMAIN)
      : hop
  }
  const hop = evaluateAtZtunnel(mesh, {
    workload,
    port,
    identity: peer.identity,
    sourceIp: peer.ip,
  })
  if (!mesh.get(isDiscovered, workload.namespace)) return denied(hop, UNKNOWN_WORKLOAD)
  return hasOtherTrustDomain(peer, [trustDomain]) ? denied(hop, OTHER_TRUST_DOMAIN) : hop
}

const OTHER_TRUST_DOMAIN = 'the client certificate has another trust domain'

/**
 * ztunnel accepts only certificates of its own trust domain, Envoy also those of its aliases (docs/semantics.md §5.1,
 * §6.7).
 */
function hasOtherTrustDomain({ identity }: Peer, trustDomains: readonly string[]): boolean {
  return identity !== undefined && !trustDomains.includes(identity.trustDomain)
}

/** A connection that is denied before any policy is evaluated. */
function denied(hop: Hop, reason: string): Hop {
  return {
    ...hop,
    verdict: 'deny',
    reason,
    policy: null,
    rule: null,
    place: undefined,
    evidence: [],
  }
}

/** The common verdict, else `undecided`. */
function combine(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.every((verdict) => verdict === 'allow')) return 'allow'
  return verdicts.every((verdict) => verdict === 'deny') ? 'deny' : 'undecided'
}
