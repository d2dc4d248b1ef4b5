import { isDiscovered, podLabels } from '../mesh/enrolment.js'
import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import { policiesOfWorkload, scopeOf, workloadsOfPolicy } from '../mesh/policies.js'
import { isGatewayPod } from '../mesh/gatewayClass.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isDryRun, type Conversion } from '../ztunnel/convertAuthorizationPolicy.js'
import { conversionOf, isCaptured } from '../ztunnel/enforcement.js'
import { waypointAccepted } from '../status/waypointAccepted.js'
import { ztunnelAccepted } from '../status/ztunnelAccepted.js'
import type {
  AuthorizationPolicyExplanation,
  EnforcementTarget,
  StatusExplanation,
} from './explanation.js'
import { fatesOf } from './support/ruleFate.js'
import { count, listed, Notes, sentence, shownName, shownNamespace } from './support/notes.js'
import { waypointEffects } from './support/waypointEffect.js'
import { rowsOf } from './support/rows.js'
import { ruleSentence } from './support/ruleWords.js'
import { explainStatus } from './support/statusWords.js'
import { NOT_SENT, targetsOf, unseenTarget } from './support/targets.js'

/** Where a policy is enforced, as whom the clients appear there, and what it does (docs/semantics.md §3, §4, §7). */
export function explainAuthorizationPolicy(
  mesh: Mesh,
  policy: AuthorizationPolicy,
): AuthorizationPolicyExplanation {
  const notes = new Notes()
  const conversion = mesh.get(conversionOf, policy)
  const targets = targetsOf(mesh, policy, notes)
  const unseen = unseenTarget(mesh, policy, notes)
  const reached = unseen ? [...targets, unseen] : targets
  return {
    kind: 'AuthorizationPolicy',
    namespace: shownNamespace(policy.namespace),
    name: policy.name,
    action: policy.action,
    summary: `${summaryOf(reached)}${isDryRun(policy) ? ' · dry run' : ''}`,
    rows: rowsOf(
      policy,
      reached.filter(() => policy.targetRefs.length > 0 || !conversion.notSent),
    ),
    targets,
    effect: effectOf(mesh, policy, { conversion, targets: reached, notes }).map(sentence),
    rules: fatesOf(policy, conversion),
    status: statusOf(mesh, policy, reached),
    ...notes.result(),
  }
}

/** The condition that istiod would write; null where it writes none, or where the files do not tell. */
function statusOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  targets: readonly EnforcementTarget[],
): StatusExplanation | null {
  if (!mesh.get(isDiscovered, policy.namespace)) return null
  if (policy.targetRefs.length > 0 && targets.some(({ enforcedBy }) => enforcedBy === 'unknown'))
    return null
  return explainStatus(
    mesh,
    mesh.get(waypointAccepted, policy) ?? mesh.get(ztunnelAccepted, policy),
    policy.namespace,
  )
}

/** `enforced by destination ztunnel · identity: waypoint bookinfo/waypoint · 3 workloads`. */
function summaryOf(targets: readonly EnforcementTarget[]): string {
  const enforced = targets.filter(({ enforcedBy }) => enforcedBy !== 'nobody')
  if (enforced.length === 0) return 'enforced nowhere'
  const [first] = enforced
  if (first && enforced.every(({ enforcedBy }) => enforcedBy === 'unknown'))
    return `enforcement unknown · ${first.why}`
  const known = enforced.filter(({ enforcedBy }) => enforcedBy !== 'unknown')
  const named = [
    ...new Set(
      known.map(({ enforcedBy, enforcer }) =>
        enforcer === null ? enforcedBy : `${enforcedBy} ${enforcer}`,
      ),
    ),
  ]
  const enforcers =
    named.length <= 2 ? named : [...new Set(known.map(({ enforcedBy }) => `${enforcedBy}s`))]
  return [
    `enforced by ${listed(enforcers, 'and')}`,
    `identity: ${listed(identitiesOf(known), 'or')}`,
    reachOf(known),
  ].join(' · ')
}

function identitiesOf(targets: readonly EnforcementTarget[]): string[] {
  const words = targets.map(({ enforcedBy, sourceIdentity, waypoint }) => {
    if (enforcedBy === 'destination ztunnel' && waypoint.status === 'bound')
      return `waypoint ${waypoint.name ?? ''}`
    return enforcedBy === 'destination ztunnel' && sourceIdentity === 'unknown'
      ? 'unknown (client or waypoint)'
      : 'client'
  })
  return [...new Set(words)]
}

function reachOf(targets: readonly EnforcementTarget[]): string {
  const names = (kinds: (kind: string) => boolean): string[] => [
    ...new Set(
      targets.filter(({ kind }) => kinds(kind)).map(({ kind, name }) => `${kind} ${name}`),
    ),
  ]
  const routed = names(
    (kind) => kind === 'Service' || kind === 'ServiceEntry' || kind === 'Gateway',
  )
  const workloads = names(
    (kind) => !['Service', 'ServiceEntry', 'Gateway', 'Workload'].includes(kind),
  )
  if (workloads.length > 0)
    return routed.length > 0
      ? `${count(workloads.length, 'workload')} and ${count(routed.length, 'gateway')}`
      : count(workloads.length, 'workload')
  const [only] = routed
  if (only === undefined || only === 'Gateway not in the workspace')
    return `no ${only === undefined ? 'workload' : 'such gateway'} in the workspace`
  return routed.length === 1
    ? only.replace(/^\w/, (letter) => letter.toLowerCase()).replace('serviceEntry', 'ServiceEntry')
    : `${String(routed.length)} targets`
}

interface EffectContext {
  readonly conversion: Conversion
  readonly targets: readonly EnforcementTarget[]
  readonly notes: Notes
}

function effectOf(mesh: Mesh, policy: AuthorizationPolicy, context: EffectContext): string[] {
  if (!mesh.get(isDiscovered, policy.namespace))
    return [
      'istiod does not see this namespace, because discoverySelectors leave it out: the policy does not exist for it',
    ]
  if (policy.targetRefs.length > 0) return effectAtWaypoint(policy, context)
  const { conversion, targets } = context
  if (conversion.notSent)
    return [
      `not enforced by ztunnel: ${NOT_SENT[conversion.notSent]}`,
      ...effectAtSidecars(targets),
      ...effectAtGateways(
        policy,
        targets.filter(({ enforcedBy }) => enforcedBy === 'gateway'),
      ),
    ]
  if (scopeOf(mesh, policy) === 'nothing')
    return [
      'the selector names no label, so that ztunnel attaches the policy to no workload, although its status says Accepted',
    ]
  if (targets.length === 0)
    return [
      policy.selector
        ? 'no workload has the labels of its selector: it does nothing'
        : 'there is no workload in its scope: it does nothing',
    ]
  return [
    ...effectAtZtunnel(mesh, policy, context),
    ...effectAtSidecars(targets),
    ...effectAtGateways(policy, targets),
  ]
}

function effectAtZtunnel(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { conversion, targets, notes }: EffectContext,
): string[] {
  const judged = targets.filter(
    ({ enforcedBy }) => enforcedBy === 'destination ztunnel' || enforcedBy === 'unknown',
  )
  if (judged.length === 0) return []
  const workloads = mesh
    .get(workloadsOfPolicy, policy)
    .filter((workload) => mesh.get(isCaptured, workload) && !isGatewayPod(podLabels(workload)))
  const whom = nameTargets(judged)
  const effective = conversion.rules
    .filter((rule) => rule.effective)
    .flatMap(({ index }) => policy.rules[index] ?? [])
  const rules = effective.map((rule) => ruleSentence(policy, rule, 'ztunnel', whom))
  const dryRun = isDryRun(policy)
    ? ['it is a dry run: ztunnel logs what it would do and refuses nothing']
    : []
  const rest =
    policy.action === 'ALLOW'
      ? restOfAllow(mesh, policy, { workloads, whom, admits: effective.length > 0 })
      : restOfDeny(effective.length > 0)
  const unsure = judged.every(({ enforcedBy }) => enforcedBy === 'unknown')
    ? ['whether ztunnel enforces it is not known; if it does:']
    : []
  return [
    ...unsure,
    ...dryRun,
    ...rules,
    ...rest,
    ...waypointEffects(mesh, policy, workloads, notes),
  ]
}

function restOfAllow(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { workloads, whom, admits }: { workloads: readonly Workload[]; whom: string; admits: boolean },
): string[] {
  const others = new Set(
    workloads
      .flatMap((workload) => mesh.get(policiesOfWorkload, workload))
      .filter(
        (other) =>
          other !== policy && other.action === 'ALLOW' && !mesh.get(conversionOf, other).notSent,
      ),
  )
  const unless =
    others.size > 0
      ? `, unless another ALLOW policy admits it (${listed([...others].map(shownName), 'or')})`
      : ''
  return admits
    ? [`everything else is denied${unless}`]
    : [`no rule admits anything at ztunnel: every connection to ${whom} is denied${unless}`]
}

function restOfDeny(effective: boolean): string[] {
  return effective
    ? ['everything else is left to other policies']
    : ['no rule can match at ztunnel: the policy denies nothing']
}

function effectAtSidecars(targets: readonly EnforcementTarget[]): string[] {
  const sidecars = targets.filter(({ enforcedBy }) => enforcedBy === 'sidecar')
  return sidecars.length > 0 ? [`sidecars enforce it as written at ${nameTargets(sidecars)}`] : []
}

function effectAtGateways(
  policy: AuthorizationPolicy,
  targets: readonly EnforcementTarget[],
): string[] {
  const gateways = targets.filter(({ enforcedBy }) => enforcedBy === 'gateway')
  const sentences =
    gateways.length > 0
      ? policy.rules.map((rule) => ruleSentence(policy, rule, 'written', nameTargets(gateways)))
      : []
  const uncaptured = targets.filter(
    ({ enforcedBy, kind }) => enforcedBy === 'nobody' && kind !== 'Gateway',
  )
  return [
    ...sentences,
    ...(uncaptured.length > 0
      ? [`not enforced at ${nameTargets(uncaptured)}: ${uncaptured[0]?.why ?? ''}`]
      : []),
  ]
}

function effectAtWaypoint(policy: AuthorizationPolicy, { targets }: EffectContext): string[] {
  if (targets.length === 0) return ['there is no waypoint in the workspace that it could reach']
  const enforced = targets.filter(({ enforcedBy }) => enforcedBy !== 'nobody')
  const unsure = targets.every(({ enforcedBy }) => enforcedBy === 'unknown')
    ? ['whether it is enforced is not known; if it is:']
    : []
  const refused = targets
    .filter(({ enforcedBy }) => enforcedBy === 'nobody')
    .map(({ kind, name, why }) => `not enforced for ${kind} ${name}: ${why}`)
  if (enforced.length === 0) return refused
  const whom = nameTargets(enforced)
  const rules = policy.rules.map((rule) => ruleSentence(policy, rule, 'written', whom))
  const none =
    policy.rules.length > 0
      ? []
      : policy.action === 'ALLOW'
        ? [`no rule admits anything: every request to ${whom} is denied`]
        : ['it has no rule and matches nothing']
  const rest =
    policy.action === 'ALLOW' && policy.rules.length > 0
      ? ['everything else is denied, unless another ALLOW policy at the same place admits it']
      : []
  const bypass =
    enforced.some(({ kind }) => kind !== 'GatewayClass') &&
    enforced.some(({ enforcedBy }) => enforcedBy === 'waypoint')
  const dryRun = isDryRun(policy)
    ? ['it is a dry run: what it would do is logged, and nothing is refused']
    : []
  return [
    ...unsure,
    ...dryRun,
    ...rules,
    ...none,
    ...rest,
    ...refused,
    ...(bypass
      ? [
          'traffic that does not pass the waypoint (pod addresses, sidecars, clients outside the mesh) is not judged by it',
        ]
      : []),
  ]
}

/** `Deployment shop/api`, `Deployments shop/a and shop/b`, `3 workloads`. */
function nameTargets(targets: readonly EnforcementTarget[]): string {
  const names = [...new Set(targets.map(({ kind, name }) => `${kind} ${name}`))]
  if (targets.some(({ name }) => name === 'not in the workspace'))
    return targets.some(({ kind }) => kind === 'Gateway')
      ? 'the gateways it selects'
      : 'the workloads it covers'
  if (names.length <= 2) return names.join(' and ')
  const kinds = new Set(targets.map(({ kind }) => kind))
  const noun =
    kinds.size === 1 && (kinds.has('Service') || kinds.has('Gateway'))
      ? ([...kinds][0] ?? 'target').replace('G', 'g')
      : kinds.has('Service')
        ? 'target'
        : 'workload'
  return count(names.length, noun)
}
