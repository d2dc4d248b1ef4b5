import { alternativesOf } from '../mesh/alternatives.js'
import { enrolmentOf, isDiscovered } from '../mesh/enrolment.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import type { WaypointChain } from '../waypoint/attachment.js'
import { clientOf, type Client, type Peer } from './client.js'
import { destinationOf, type Backend, type Found } from './destination.js'
import { judgeAtSidecar, judgeAtWaypoint } from './judgeAtEnvoy.js'
import { judgeAtZtunnel } from './judgeAtZtunnel.js'
import type { AccessAnswer, AccessRequest, Hop, Verdict } from './request.js'
import { resolveEndpoints, waypointIdentity, waysTo } from './route.js'

/**
 * What the mesh does with a request, hop by hop (docs/semantics.md §2.5, §3.8, §5, §7). Meant for a mesh whose files are the whole mesh; what was taken to be so
 * and decides is listed. Undecided where objects are defined, or installs configured, in several ways that lead to several answers.
 */
export function evaluateRequest(mesh: Mesh, request: AccessRequest): AccessAnswer {
  const answer = answerIn(mesh, request)
  const others = alternativeAnswers(mesh, request)
  if (others.every(({ verdict }) => verdict === answer.verdict)) return answer
  const agreed = others.find((other) => others.every(({ verdict }) => verdict === other.verdict))
  return (
    agreed ?? {
      ...answer,
      verdict: 'undecided',
      assumptions: [...answer.assumptions, SEVERAL_WAYS],
    }
  )
}

const SEVERAL_WAYS =
  'these files define what decides in several ways, and not all of them lead to one verdict'

/** The answers under each way to read the files; none where the files say everything in one way. */
function alternativeAnswers(mesh: Mesh, request: AccessRequest): readonly AccessAnswer[] {
  const alternatives = alternativesOf(mesh)
  const answers: AccessAnswer[] = []
  for (let choice = 0, choices = alternatives.none ? 0 : 1; choice < choices; choice++) {
    const world = alternatives.mesh(choice, new Map())
    answers.push(world.get(answerOf, request))
    const touched = [...world.keysOf(answerOf, request)].flatMap((key) => alternatives.touches(key))
    choices = Math.max(choices, ...touched.map((dispute) => dispute.choices.length))
  }
  return answers
}

const answerOf = query('answer', answerIn)

function answerIn(mesh: Mesh, request: AccessRequest): AccessAnswer {
  const client = clientOf(mesh, request.from)
  const destination = destinationOf(mesh, request.to)
  if (destination.kind === 'missing')
    return {
      id: request.id,
      verdict: 'undecided',
      hops: [],
      assumptions: [`there is no ${destination.what} in these files`],
    }
  const answers = resolveEndpoints(mesh, client, destination).map((target) =>
    answerOnWays(mesh, { client, request }, target),
  )
  const answer = {
    verdict: together(answers.map(({ verdict }) => verdict)),
    hops: answers.flatMap(({ hops }) => hops),
  }
  return {
    id: request.id,
    ...answer,
    assumptions: [
      ...new Set([
        ...client.assumptions,
        ...disputes(mesh),
        ...answers.flatMap(({ assumptions }) => assumptions),
      ]),
    ],
  }
}

function disputes(mesh: Mesh): string[] {
  return mesh.settings.disputed.map(
    (setting) => `the installs in these files disagree on ${setting}, and its default is taken`,
  )
}

interface Caller {
  readonly client: Client
  readonly request: AccessRequest
}

interface Approach extends Caller {
  readonly chain: WaypointChain | undefined
}

type Answer = Pick<AccessAnswer, 'verdict' | 'hops' | 'assumptions'>

function answerOnWays(mesh: Mesh, caller: Caller, destination: Found): Answer {
  const answers = waysTo(mesh, caller.client, destination).map((chain) =>
    answerOnWay(mesh, { ...caller, chain }, destination),
  )
  const [first, second] = answers
  if (first && (!second || first.verdict === second.verdict))
    return { ...first, assumptions: answers.flatMap(({ assumptions }) => assumptions) }
  const share = 'a share of the connections takes the canary waypoint, which answers otherwise'
  return {
    verdict: 'undecided',
    hops: answers.flatMap(({ hops }) => hops),
    assumptions: [...answers.flatMap(({ assumptions }) => assumptions), share],
  }
}

function answerOnWay(mesh: Mesh, approach: Approach, destination: Found): Answer {
  const { chain } = approach
  const waypoint = chain && hopAtWaypoint(mesh, { ...approach, chain }, destination)
  const ready = chain ? [`the waypoint ${qualifiedName(chain.gateway)} is ready`] : []
  if (waypoint?.verdict === 'deny') return { verdict: 'deny', hops: [waypoint], assumptions: ready }
  const backends = destination.kind === 'workload' ? [destination.backend] : destination.backends
  const hops = backends.map((backend) => hopAt(mesh, backend, approach))
  const atBackends = together(hops.map((hop) => hop?.verdict ?? 'allow'))
  const undescribed = backends
    .filter(({ workload }) => mesh.get(enrolmentOf, workload).mode === 'unknown')
    .map(({ workload }) => `${qualifiedName(workload)} is captured by ztunnel`)
  return {
    verdict: waypoint && atBackends === 'allow' ? waypoint.verdict : atBackends,
    hops: [...(waypoint ? [waypoint] : []), ...hops.filter((hop) => hop !== undefined)],
    assumptions: [...ready, ...undescribed],
  }
}

function hopAtWaypoint(
  mesh: Mesh,
  { client, chain, request }: Approach & { readonly chain: WaypointChain },
  destination: Found,
): Hop {
  const { trustDomain, trustDomainAliases } = mesh.settings
  const hop = judgeAtWaypoint(mesh, chain, {
    peer: client,
    port: destination.kind === 'workload' ? destination.backend.port : destination.port,
    http:
      destination.kind === 'service' && destination.protocol === 'tcp' ? undefined : request.http,
  })
  return isForeign(client, [trustDomain, ...trustDomainAliases])
    ? refused(hop, OTHER_TRUST_DOMAIN)
    : hop
}

/** The hop at a pod: its ztunnel, its sidecar, or nobody. Only one proxy stands before a pod. */
function hopAt(
  mesh: Mesh,
  { workload, port }: Backend,
  { client, chain, request }: Approach,
): Hop | undefined {
  const { mode } = mesh.get(enrolmentOf, workload)
  const peer: Peer = chain
    ? { identity: waypointIdentity(mesh, chain.gateway), ip: undefined }
    : client
  if (mode === 'none') return undefined
  const { trustDomain, trustDomainAliases } = mesh.settings
  if (mode === 'sidecar') {
    const hop = judgeAtSidecar(mesh, workload, { peer, port, http: request.http })
    return isForeign(peer, [trustDomain, ...trustDomainAliases])
      ? refused(hop, OTHER_TRUST_DOMAIN)
      : hop
  }
  const hop = judgeAtZtunnel(mesh, { workload, port, identity: peer.identity, sourceIp: peer.ip })
  if (!mesh.get(isDiscovered, workload.namespace))
    return refused(hop, 'timed out waiting for workload')
  return isForeign(peer, [trustDomain]) ? refused(hop, OTHER_TRUST_DOMAIN) : hop
}

const OTHER_TRUST_DOMAIN = 'the client certificate is of another trust domain'

/** ztunnel accepts certificates of its own trust domain only, Envoy those of its aliases too (docs/semantics.md §5.1, §6.7). */
function isForeign({ identity }: Peer, trustDomains: readonly string[]): boolean {
  return identity !== undefined && !trustDomains.includes(identity.trustDomain)
}

/** Refused before any policy is asked. */
function refused(hop: Hop, reason: string): Hop {
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

/** Allowed where every one allows, refused where every one refuses, else undecided. */
function together(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.every((verdict) => verdict === 'allow')) return 'allow'
  return verdicts.every((verdict) => verdict === 'deny') ? 'deny' : 'undecided'
}
