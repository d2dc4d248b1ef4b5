import { keys, labelPair, type InventoryKey } from '../../inventory/indexKeys.js'
import type { Mesh } from '../../mesh/mesh.js'
import { canaryOfService } from '../../mesh/canary.js'
import { isRead, unknownRevision } from '../../mesh/discovery.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { scopeOf } from '../../mesh/policies.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { policyKeysAtWaypoint } from '../../waypoint/attachedPolicies.js'
import {
  attaches,
  resolveTarget,
  serviceOf,
  type WaypointChain,
} from '../../waypoint/attachment.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { defineRule } from '../rule.js'
import { hasPlaceholder } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { identitiesOfWaypoints } from '../support/waypointAccounts.js'
import { firstThatFits, quoted } from '../support/words.js'
import { comparableRules } from './comparableRules.js'
import { isWider, trustOf } from '../support/wider.js'
import { widerCandidates } from './widerCandidates.js'
import { query } from '../../mesh/mesh.js'

export const policyIdle = defineRule({
  name: 'policy-idle',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (!isComparable(policy) || policy.rules.length === 0) return
    const wide = mesh.get(widerPolicy, policy)
    if (!wide || namesWaypoint(mesh, policy)) return
    const reason = 'already allows all that this one allows'
    report({
      message: firstThatFits(
        `This policy has no effect: policy ${quoted(wide.name, 48)} ${reason}.`,
        `This policy has no effect: another policy ${reason}.`,
      ),
      path: ['metadata', 'name'],
      related: [{ resource: wide, path: ['metadata', 'name'], message: 'The wider policy.' }],
    })
  },
})

/** The first policy that allows all that a policy allows. A change of another policy changes it only for a few. */
const widerPolicy = query(
  'wider policy',
  (mesh, policy: AuthorizationPolicy): AuthorizationPolicy | undefined => {
    for (const { key, chain } of keysBeside(mesh, policy))
      for (const other of widerCandidates(mesh, policy, key).slice(0, MOST_POLICIES))
        if (
          other !== policy &&
          (!chain || (isRead(mesh, other) && attaches(mesh, other, chain))) &&
          isReadLike(mesh, other, policy) &&
          makesIdle(mesh, other, policy)
        )
          return other
    return undefined
  },
)

/** The policies under a key of the inventory; with a chain, those that attach to it. */
interface KeyBeside {
  readonly key: InventoryKey<'AuthorizationPolicy'>
  readonly chain?: WaypointChain
}

/** Where policies are that may apply wherever a policy does, by its first label or target. */
function keysBeside(mesh: Mesh, policy: AuthorizationPolicy): readonly KeyBeside[] {
  const { namespace, selector, targetRefs } = policy
  const [first] = targetRefs
  if (first)
    return [
      { key: keys.targeting(namespace, first.kind, first.name) },
      ...chainsOf(mesh, policy, first).flatMap((chain) =>
        policyKeysAtWaypoint(mesh, chain).map((key) => ({ key, chain })),
      ),
    ]
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) =>
    labelPair(key, value),
  )
  return [...new Set([namespace, mesh.settings.rootNamespace])].flatMap((place) =>
    ['*', ...pairs].map((pair) => ({ key: keys.selecting('AuthorizationPolicy', place, pair) })),
  )
}

/** The chains of waypoints at which a target is certainly enforced. */
function chainsOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
): readonly WaypointChain[] {
  const target = resolveTarget(mesh, policy, ref)
  if (target.kind === 'Gateway')
    return mesh.get(classRole, target.gateway.gatewayClassName) === 'waypoint'
      ? [{ gateway: target.gateway, service: undefined }]
      : []
  const service = serviceOf(target)
  if (!service) return []
  const binding = mesh.get(waypointOfService, service)
  if (binding.status !== 'bound' || binding.certainty.level !== 'certain') return []
  const canary = canaryOfService(mesh, service)
  return [binding.gateway, ...(canary ? [canary] : [])].map((gateway) => ({ gateway, service }))
}

/** Whether istiod certainly reads one policy where it reads another one. */
function isReadLike(mesh: Mesh, other: AuthorizationPolicy, policy: AuthorizationPolicy): boolean {
  const revision = unknownRevision(mesh, other)
  return (
    isRead(mesh, other) && (revision === undefined || revision === unknownRevision(mesh, policy))
  )
}

/** Whether a policy is an ALLOW of which the files show everything. */
function isComparable(policy: AuthorizationPolicy): boolean {
  return (
    policy.action === 'ALLOW' &&
    !isActionFilledIn(policy) &&
    !isDryRun(policy) &&
    !hasPlaceholder(policy.selector?.matchLabels)
  )
}

/** Of two policies that allow the same, the later one by name has no effect. */
function makesIdle(mesh: Mesh, wide: AuthorizationPolicy, narrow: AuthorizationPolicy): boolean {
  return (
    allowsAll(mesh, wide, narrow) && (wide.name < narrow.name || !allowsAll(mesh, narrow, wide))
  )
}

/** Whether one policy applies wherever another one does, and allows all that it allows. */
function allowsAll(mesh: Mesh, wide: AuthorizationPolicy, narrow: AuthorizationPolicy): boolean {
  if (!isComparable(wide) || !appliesWherever(mesh, wide, narrow)) return false
  const rules = comparableRules(mesh, narrow)
  const wider = comparableRules(mesh, wide)
  const comparing = { action: narrow.action, trust: trustOf(mesh) }
  return (
    rules.length === narrow.rules.length &&
    rules.length * wider.length <= MOST_PAIRS &&
    rules.every(({ rule }) =>
      wider.some((other) =>
        isWider(
          { rule: other.rule, namespace: wide.namespace },
          { rule, namespace: narrow.namespace },
          comparing,
        ),
      ),
    )
  )
}

/** A policy is not compared with more policies of one label or target: each costs time. */
const MOST_POLICIES = 20

/** More pairs of rules are not compared: each costs time. */
const MOST_PAIRS = 400

function appliesWherever(
  mesh: Mesh,
  wide: AuthorizationPolicy,
  narrow: AuthorizationPolicy,
): boolean {
  if (narrow.targetRefs.length > 0)
    return narrow.targetRefs.every((ref) => {
      if (ref.namespace !== undefined) return false
      if (wide.namespace === narrow.namespace && hasTarget(wide, ref)) return true
      const chains = chainsOf(mesh, narrow, ref)
      return chains.length > 0 && chains.every((chain) => attaches(mesh, wide, chain))
    })
  if (scopeOf(mesh, wide) === 'nothing' || scopeOf(mesh, narrow) === 'nothing') return false
  const labels = wide.selector?.matchLabels
  return isEmptyLabels(labels) || matchesLabels(labels, narrow.selector?.matchLabels)
}

function hasTarget({ targetRefs }: AuthorizationPolicy, ref: PolicyTargetReference): boolean {
  return targetRefs.some(
    ({ kind, group, name, namespace }) =>
      kind === ref.kind && group === ref.group && name === ref.name && namespace === undefined,
  )
}

/** Whether a policy names the account of a waypoint: `waypoint-bypass` reports what undoes it. */
function namesWaypoint(mesh: Mesh, { rules, namespace }: AuthorizationPolicy): boolean {
  const waypoints = identitiesOfWaypoints(mesh)
  return rules.some(({ from }) =>
    from?.some((source) =>
      [...(source?.serviceAccounts ?? []), ...(source?.principals ?? [])].some((value) =>
        waypoints.some(
          (account) =>
            value === account ||
            `${namespace}/${value}` === account ||
            value.endsWith(`/ns/${account.replace('/', '/sa/')}`),
        ),
      ),
    ),
  )
}
