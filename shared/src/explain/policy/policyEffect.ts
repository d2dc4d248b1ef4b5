import type { Workload } from '../../inventory/workloads.js'
import { whyNotRead } from '../../mesh/discovery.js'
import { podLabels } from '../../mesh/pods.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { policiesOfWorkload, scopeOf, workloadsReached } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isDryRun, type Conversion } from '../../ztunnel/convertAuthorizationPolicy.js'
import { conversionOf, isCaptured } from '../../ztunnel/enforcement.js'
import { listedUpTo, shownName, type Notes } from '../support/notes.js'
import { effectAtWaypoint } from './effectAtWaypoint.js'
import { NOT_SENT } from './notSent.js'
import { ruleSentence } from './ruleWords.js'
import { isUnseen, type PolicyTarget } from './target.js'
import { nameTargets } from './targetNames.js'
import { waypointEffects } from './waypointEffect.js'

interface EffectContext {
  readonly conversion: Conversion
  readonly targets: readonly PolicyTarget[]
  readonly notes: Notes
}

/** The effect of a policy, in sentences without their full stop. */
export function effectOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  context: EffectContext,
): string[] {
  const unread = whyNotRead(mesh, policy)
  if (unread !== undefined) return [`istiod does not read the policy: ${unread}`]
  if (policy.targetRefs.length > 0) return effectAtWaypoint(mesh, policy, context.targets)
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
      targets.every(({ enforcedBy }) => enforcedBy === 'nobody')
        ? 'an empty selector matches no workload in ambient mode: the policy is not enforced, but its status is Accepted'
        : 'in ambient mode, an empty selector matches only pods without any label',
      ...effectAtZtunnel(mesh, policy, context),
      ...effectAtSidecars(targets),
    ]
  if (targets.length === 0)
    return [
      policy.selector
        ? 'no workload has the labels of its selector: the policy has no effect'
        : 'no workload is in its scope: the policy has no effect',
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
  const atZtunnel = targets.filter(
    (target) =>
      target.enforcedBy === 'destination ztunnel' ||
      (target.enforcedBy === 'unknown' && (isUnseen(target) || target.kind !== 'Gateway')),
  )
  if (atZtunnel.length === 0) return []
  const workloads = mesh
    .get(workloadsReached, policy)
    .filter((workload) => mesh.get(isCaptured, workload) && !isGatewayPod(podLabels(workload)))
  const whom = nameTargets(atZtunnel)
  const effective = conversion.rules
    .filter((rule) => rule.effective)
    .flatMap(({ index }) => policy.rules[index] ?? [])
  const rules = effective.map((rule) => ruleSentence(policy, rule, 'ztunnel', whom))
  const dryRun = isDryRun(policy)
    ? ['it is a dry run: ztunnel only logs the result and denies nothing']
    : []
  const rest =
    policy.action === 'ALLOW'
      ? restOfAllow(mesh, policy, { workloads, whom, allows: effective.length > 0 })
      : restOfDeny(effective.length > 0)
  const unsure = atZtunnel.every(({ enforcedBy }) => enforcedBy === 'unknown')
    ? ['it is not known whether ztunnel enforces it; if it does:']
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
  { workloads, whom, allows }: { workloads: readonly Workload[]; whom: string; allows: boolean },
): string[] {
  const others = new Set(
    workloads
      .flatMap((workload) => mesh.get(policiesOfWorkload, workload))
      .filter(
        (other) =>
          other !== policy &&
          other.action === 'ALLOW' &&
          !mesh.get(conversionOf, other).notSent &&
          mesh.get(conversionOf, other).rules.some(({ effective }) => effective),
      ),
  )
  const unless =
    others.size > 0
      ? `, unless another ALLOW policy allows it (${listedUpTo([...others].map(shownName), 'or')})`
      : ''
  return allows
    ? [`everything else is denied${unless}`]
    : [
        `no rule of this policy allows anything at ztunnel: every connection to ${whom} is denied${unless}`,
      ]
}

function restOfDeny(effective: boolean): string[] {
  return effective
    ? ['other policies decide about everything else']
    : ['no rule can match at ztunnel: the policy denies nothing']
}

function effectAtSidecars(targets: readonly PolicyTarget[]): string[] {
  const sidecars = targets.filter(({ enforcedBy }) => enforcedBy === 'sidecar')
  return sidecars.length > 0 ? [`sidecars enforce it as written at ${nameTargets(sidecars)}`] : []
}

function effectAtGateways(policy: AuthorizationPolicy, targets: readonly PolicyTarget[]): string[] {
  const gateways = targets.filter(({ enforcedBy }) => enforcedBy === 'gateway')
  const sentences =
    gateways.length > 0
      ? policy.rules.map((rule) => ruleSentence(policy, rule, 'written', nameTargets(gateways)))
      : []
  const uncaptured = targets.filter(
    (target) => target.enforcedBy === 'nobody' && (isUnseen(target) || target.kind !== 'Gateway'),
  )
  return [
    ...sentences,
    ...(uncaptured.length > 0
      ? [`not enforced at ${nameTargets(uncaptured)}: ${uncaptured[0]?.why ?? ''}`]
      : []),
  ]
}
