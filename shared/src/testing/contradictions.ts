import type { Analysis } from '../analysis/analysis.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import { requestChoices } from '../access/choices.js'
import type {
  AccessAnswer,
  AccessRequest,
  Hop,
  RequestSource,
  RequestTarget,
} from '../access/request.js'
import { explainAuthorizationPolicy } from '../explain/explainAuthorizationPolicy.js'
import type { AuthorizationPolicyExplanation, EnforcedBy } from '../explain/explanation.js'
import { keys } from '../inventory/indexKeys.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isRejected } from '../resources/rejected.js'
import type { Finding } from '../rules/finding.js'
import { qualifiedName } from '../resources/resource.js'
import { predictedStatus } from '../status/predictStatus.js'

/** The point of a hop at which a policy with this enforcer decides. */
const POINTS: Readonly<Record<EnforcedBy, readonly Hop['point'][]>> = {
  'destination ztunnel': ['ztunnel'],
  waypoint: ['waypoint'],
  gateway: [],
  sidecar: ['sidecar'],
  nobody: [],
  unknown: ['ztunnel', 'waypoint', 'sidecar'],
}

/** Conditions that say that a policy has no effect. */
const isRefusal = ({ status, type }: { status: string; type: string }): boolean =>
  type === 'WaypointAccepted' && status === 'False'

/**
 * Where the parts of the product contradict each other about a mesh: `explain`, `evaluate` and `status`. One line for
 * each contradiction.
 *
 * @param requests answered one by one; a policy that decides no request is not compared.
 */
export function contradictions({ mesh }: Analysis, requests: readonly AccessRequest[]): string[] {
  const policies = mesh.written<'AuthorizationPolicy'>(
    'AuthorizationPolicy',
    keys.all('AuthorizationPolicy'),
  )
  const explained = new Map(
    policies.map((policy) => [qualifiedName(policy), explainAuthorizationPolicy(mesh, policy)]),
  )
  const answers = requests.map((request) => evaluateRequest(mesh, request))
  const hops = answers.flatMap((answer) => answer.hops)
  return [
    ...new Set([
      ...policies.flatMap((policy) => rejectedPolicyDecides(policy, answers)),
      ...hops.flatMap((hop) => unexplainedDecision(hop, explained)),
      ...hops.flatMap((hop) => refusedButDeciding(mesh, hop)),
    ]),
  ]
}

/** The policies that are not enforced by `explain`: without them, every answer is the same. */
export function notEnforced({ mesh }: Analysis): AuthorizationPolicy[] {
  return mesh
    .written<'AuthorizationPolicy'>('AuthorizationPolicy', keys.all('AuthorizationPolicy'))
    .filter((policy) => {
      const { targets } = explainAuthorizationPolicy(mesh, policy)
      return targets.every(({ enforcedBy }) => enforcedBy === 'nobody' || enforcedBy === 'gateway')
    })
}

/** Rules whose finding says that no proxy enforces the policy, at least for one of its targets. */
const NOT_ENFORCED: ReadonlySet<string> = new Set([
  'action-not-enforced',
  'external-name-target',
  'gateway-class-not-enforced',
  'gateway-class-outside-root',
  'gateway-pods-unlabelled',
  'selector-matches-waypoint',
  'target-kind-not-supported',
  'target-namespace-set',
  'target-not-a-waypoint',
  'target-not-bound',
  'target-not-found',
  'waypoint-class-not-enforced',
])

/** Policies with one target that a finding calls not enforced, and that decide a request all the same. */
export function findingsAgainstAnswers(
  findings: readonly Finding[],
  { mesh }: Analysis,
  requests: readonly AccessRequest[],
): string[] {
  const deciding = new Set(
    requests.flatMap((request) =>
      evaluateRequest(mesh, request).hops.flatMap(({ evidence, policy }) => [policy, ...evidence]),
    ),
  )
  return findings.flatMap(({ assumptions, place, rule }) => {
    if (place.kind !== 'field' || place.resource.type !== 'AuthorizationPolicy') return []
    const name = qualifiedName(place.resource)
    const isCertain = assumptions.length === 0 && place.resource.targetRefs.length < 2
    return NOT_ENFORCED.has(rule) && isCertain && deciding.has(name)
      ? [`${rule} says that ${name} is not enforced, but it decides a request`]
      : []
  })
}

/** A request from each client to each destination of the files, with and without HTTP. */
export function requestsOf({ mesh }: Analysis): AccessRequest[] {
  const { destinations, sources } = mesh.get(requestChoices, '')
  const accounts = sources
    .slice(0, MOST_CLIENTS)
    .map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount }))
  const clients: readonly RequestSource[] = [{}, ...accounts]
  const targets = destinations.flatMap(({ kind, name, ports }): RequestTarget[] =>
    ports.map(({ port }) =>
      kind === 'service'
        ? { service: name, port }
        : kind === 'workload'
          ? { workload: name, port }
          : { host: name, port },
    ),
  )
  return targets.flatMap((to) =>
    clients.flatMap((from) => [
      { from, to },
      { from, to, http: { method: 'GET', path: '/' } },
    ]),
  )
}

const MOST_CLIENTS = 8

function rejectedPolicyDecides(
  policy: AuthorizationPolicy,
  answers: readonly AccessAnswer[],
): string[] {
  if (!isRejected(policy)) return []
  const name = qualifiedName(policy)
  return answers
    .flatMap(({ hops }) => hops)
    .filter((hop) => hop.policy === name || hop.evidence.includes(name))
    .map(({ point }) => `${name} is rejected by the API server, but decides at the ${point}`)
}

function unexplainedDecision(
  hop: Hop,
  explained: ReadonlyMap<string, AuthorizationPolicyExplanation>,
): string[] {
  const deciding = [hop.policy, ...hop.evidence].filter((name) => name !== null)
  return deciding.flatMap((name) => {
    const targets = explained.get(name)?.targets
    if (targets === undefined) return []
    const isExplained = targets.some(
      ({ enforcedBy, enforcer }) =>
        POINTS[enforcedBy].includes(hop.point) &&
        (hop.point !== 'waypoint' || enforcer === null || enforcer === hop.name),
    )
    const said = targets.map(({ enforcedBy, enforcer, name: target }) =>
      [target, enforcedBy, enforcer ?? ''].join(' ').trim(),
    )
    return isExplained
      ? []
      : [`${name} takes part at ${hop.point} ${hop.name}, explain says: ${said.join(', ')}`]
  })
}

function refusedButDeciding(mesh: Analysis['mesh'], hop: Hop): string[] {
  if (hop.policy === null || hop.point !== 'waypoint') return []
  const conditions = mesh
    .get(predictedStatus, '')
    .filter(
      ({ resource }) =>
        resource.type === 'AuthorizationPolicy' && qualifiedName(resource) === hop.policy,
    )
  return conditions.length > 0 && conditions.every(isRefusal)
    ? [`${hop.policy} decides at waypoint ${hop.name}, status says it is not accepted`]
    : []
}
