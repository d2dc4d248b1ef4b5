import { policiesOfWorkload } from '../mesh/policies.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { policiesAtSidecar, policiesAtWaypoint } from '../waypoint/attachedPolicies.js'
import { clientOf } from './client.js'
import { destinationsOf } from './hostDestinations.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessRequest, Verdict } from './request.js'
import { requestCandidates, type RequestChange } from './requestCandidates.js'
import { resolveEndpoints, routesTo } from './route.js'

/** The smallest change of a request that changes its verdict, among the values in the policies on its path. */
export interface NearestMiss {
  readonly changes: readonly RequestChange[]
  readonly verdict: Verdict
}

/** Limit of pairs that are tried, so that the search stays fast. */
const MAX_PAIRS = 1_500

/**
 * Tries each change of one field, then each pair of fields. Undefined if none of them changes the verdict, or the
 * verdict is undecided.
 */
export function nearestMiss(mesh: Mesh, request: AccessRequest): NearestMiss | undefined {
  const { verdict } = evaluateRequest(mesh, request)
  if (verdict === 'undecided') return undefined
  const candidates = requestCandidates(mesh, request, policiesOnPath(mesh, request))
  const changedVerdict = (changed: AccessRequest): Verdict | undefined => {
    const answer = evaluateRequest(mesh, changed).verdict
    return answer === verdict || answer === 'undecided' ? undefined : answer
  }
  for (const candidate of candidates) {
    const answer = changedVerdict(candidate.apply(request))
    if (answer) return { changes: [candidate.change], verdict: answer }
  }
  let tried = 0
  for (const [index, first] of candidates.entries()) {
    for (const second of candidates.slice(index + 1)) {
      if (first.change.field === second.change.field) continue
      if (++tried > MAX_PAIRS) return undefined
      const answer = changedVerdict(second.apply(first.apply(request)))
      if (answer) return { changes: [first.change, second.change], verdict: answer }
    }
  }
  return undefined
}

/** Every policy that a proxy on the path of the request may enforce. */
export function policiesOnPath(mesh: Mesh, request: AccessRequest): readonly AuthorizationPolicy[] {
  const client = clientOf(mesh, request.from)
  const targets = destinationsOf(mesh, client, request).reached.flatMap((reached) =>
    reached.kind === 'service' || reached.kind === 'workload'
      ? resolveEndpoints(mesh, client, reached)
      : [],
  )
  const chains = targets.flatMap((target) => routesTo(mesh, client, target))
  const backends = targets.flatMap((target) =>
    target.kind === 'workload' ? [target.backend] : target.backends,
  )
  const atPods = backends.flatMap(({ workload }) => [
    ...mesh.get(policiesOfWorkload, workload),
    ...mesh.get(policiesAtSidecar, workload),
  ])
  return [
    ...new Set([
      ...chains.flatMap((chain) => (chain ? policiesAtWaypoint(mesh, chain) : [])),
      ...atPods,
    ]),
  ]
}
