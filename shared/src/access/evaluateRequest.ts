import { enrolmentOf } from '../mesh/enrolment.js'
import type { Mesh } from '../mesh/mesh.js'
import { settingsOf } from '../mesh/settings.js'
import { qualifiedName } from '../resources/resource.js'
import type { WaypointChain } from '../waypoint/attachment.js'
import { clientOf, type Client } from './client.js'
import { destinationOf, type Backend, type Destination } from './destination.js'
import { judgeAtSidecar, judgeAtWaypoint } from './judgeAtEnvoy.js'
import { judgeAtZtunnel } from './judgeAtZtunnel.js'
import type { AccessAnswer, AccessRequest, Hop, Verdict } from './request.js'
import { waypointIdentity, waysTo } from './route.js'

/**
 * What the mesh does with a request, hop by hop (semantics §2.5, §3.8, §5, §7). Meant for a mesh whose files are the whole mesh; what was taken to be so
 * and decides is listed.
 */
export function evaluateRequest(mesh: Mesh, request: AccessRequest): AccessAnswer {
  const client = clientOf(mesh, request.from)
  const destination = destinationOf(mesh, request.to)
  if (destination.kind === 'missing') return { id: request.id, verdict: 'undecided', hops: [], assumptions: [`there is no ${destination.what} in these files`] }
  const answers = waysTo(mesh, client, destination).map((chain) => answerOnWay(mesh, { client, chain, request }, destination))
  const [first, second] = answers
  if (!first || !second) return first ?? { id: request.id, verdict: 'undecided', hops: [], assumptions: [] }
  if (first.verdict === second.verdict) return { ...first, assumptions: [...new Set([...first.assumptions, ...second.assumptions])] }
  const share = 'a share of the connections takes the canary waypoint, which answers otherwise'
  return { id: request.id, verdict: 'undecided', hops: [...first.hops, ...second.hops], assumptions: [...first.assumptions, ...second.assumptions, share] }
}

function answerOnWay(mesh: Mesh, approach: Approach, destination: Exclude<Destination, { kind: 'missing' }>): AccessAnswer {
  const { client, chain, request } = approach
  const waypoint = chain && judgeAtWaypoint(mesh, chain, { client, port: portAtWaypoint(destination), http: isHttp(destination) ? request.http : undefined })
  const assumptions = [...client.assumptions, ...(chain ? [`the waypoint ${qualifiedName(chain.gateway)} is ready`] : [])]
  if (waypoint?.verdict === 'deny') return { id: request.id, verdict: 'deny', hops: [waypoint], assumptions }
  const before = waypoint ? [waypoint] : []
  const backends = destination.kind === 'workload' ? [destination.backend] : destination.backends
  const arrivals = backends.map((backend) => judgeBackend(mesh, backend, approach))
  return { id: request.id, verdict: together(before, arrivals), hops: [...before, ...arrivals.flat()], assumptions }
}

interface Approach {
  readonly client: Client
  readonly chain: WaypointChain | undefined
  readonly request: AccessRequest
}

/** The hops at one backend: at most one, because only one proxy stands before a pod. */
function judgeBackend(mesh: Mesh, { workload, port }: Backend, { client, chain, request }: Approach): Hop[] {
  const { mode } = mesh.get(enrolmentOf, workload)
  const arriving: Client = chain ? { ...client, kind: 'ambient', identity: waypointIdentity(mesh, chain.gateway), ip: undefined } : client
  if (mode === 'sidecar') return [judgeAtSidecar(mesh, workload, { client: arriving, port, http: request.http })]
  if (mode !== 'ambient') return []
  const foreign = arriving.identity !== undefined && arriving.identity.trustDomain !== mesh.get(settingsOf, '').trustDomain
  const hop = judgeAtZtunnel(mesh, { workload, port, identity: arriving.identity, sourceIp: arriving.ip })
  return [foreign ? refusedByTls(hop) : hop]
}

/** ztunnel accepts certificates of its own trust domain only (semantics §5.1). */
function refusedByTls(hop: Hop): Hop {
  return { ...hop, verdict: 'deny', reason: 'the client certificate is of another trust domain', policy: null, rule: null, place: undefined, evidence: [] }
}

function isHttp(destination: Exclude<Destination, { kind: 'missing' }>): boolean {
  return destination.kind === 'workload' || destination.protocol === 'http' || destination.protocol === 'sniffed'
}

function portAtWaypoint(destination: Exclude<Destination, { kind: 'missing' }>): number {
  return destination.kind === 'workload' ? destination.backend.port : destination.port
}

/** Allowed where every backend allows, refused where every one refuses, else undecided. */
function together(before: readonly Hop[], backends: readonly (readonly Hop[])[]): Verdict {
  const verdicts = backends.map((hops): Verdict => hops.find((hop) => hop.verdict !== 'allow')?.verdict ?? 'allow')
  const last: Verdict = verdicts.every((verdict) => verdict === 'allow') ? 'allow' : verdicts.every((verdict) => verdict === 'deny') ? 'deny' : 'undecided'
  return last === 'allow' ? (before.find((hop) => hop.verdict !== 'allow')?.verdict ?? 'allow') : last
}
