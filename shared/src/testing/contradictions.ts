import type { Analysis } from '../analysis/analysis.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessAnswer, AccessRequest, Hop } from '../access/request.js'
import { explainAuthorizationPolicy } from '../explain/explainAuthorizationPolicy.js'
import type { AuthorizationPolicyExplanation, EnforcedBy } from '../explain/explanation.js'
import { keys } from '../inventory/indexKeys.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isRejected } from '../resources/rejected.js'
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
