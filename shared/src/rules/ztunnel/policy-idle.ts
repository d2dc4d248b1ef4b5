import { keys, labelPair } from '../../inventory/indexKeys.js'
import type { Mesh } from '../../mesh/mesh.js'
import { scopeOf } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import { isDryRun } from '../../ztunnel/convertAuthorizationPolicy.js'
import { defineRule } from '../rule.js'
import { hasPlaceholder } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { identitiesOfWaypoints } from '../support/waypointAccounts.js'
import { firstThatFits, quoted } from '../support/words.js'
import { comparableRules } from './comparableRules.js'
import { isWider } from './wider.js'

export const policyIdle = defineRule({
  name: 'policy-idle',
  level: 'information',
  subjects: ['AuthorizationPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'GatewayClass', 'MeshConfig'],
  check(policy, { mesh, report }) {
    if (!isComparable(policy) || policy.rules.length === 0) return
    const wide = policiesBeside(mesh, policy).find(
      (other) => other !== policy && makesIdle(mesh, other, policy),
    )
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

/** The policies that may apply wherever a policy does, by their first label or target. */
function policiesBeside(
  mesh: Mesh,
  { namespace, selector, targetRefs }: AuthorizationPolicy,
): readonly AuthorizationPolicy[] {
  const type = 'AuthorizationPolicy'
  const [first] = targetRefs
  if (first) return mesh.at(type, keys.targeting(namespace, first.kind, first.name))
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) =>
    labelPair(key, value),
  )
  return ['*', ...pairs].flatMap((pair) => mesh.at(type, keys.selecting(type, namespace, pair)))
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
  return (
    rules.length === narrow.rules.length &&
    rules.length * wider.length <= MOST_PAIRS &&
    rules.every(({ rule }) => wider.some((other) => isWider(other.rule, rule, narrow.namespace)))
  )
}

/** More pairs of rules are not compared: each costs time. */
const MOST_PAIRS = 400

function appliesWherever(
  mesh: Mesh,
  wide: AuthorizationPolicy,
  narrow: AuthorizationPolicy,
): boolean {
  if (narrow.targetRefs.length > 0)
    return narrow.targetRefs.every((ref) =>
      wide.targetRefs.some(
        ({ kind, group, name, namespace }) =>
          kind === ref.kind &&
          group === ref.group &&
          name === ref.name &&
          namespace === undefined &&
          ref.namespace === undefined,
      ),
    )
  if (scopeOf(mesh, wide) === 'nothing' || scopeOf(mesh, narrow) === 'nothing') return false
  const labels = wide.selector?.matchLabels
  return isEmptyLabels(labels) || matchesLabels(labels, narrow.selector?.matchLabels)
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
