import type { Workload } from '../../inventory/workloads.js'
import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import { describedForWorkloads } from '../../mesh/described.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { selectWorkloads } from '../../mesh/services.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Labels } from '../../resources/resource.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Edit, Fix } from '../fix.js'
import { matchesAddresses } from '../fixes/bindToWaypoint.js'
import { defineRule } from '../rule.js'
import { hasPlaceholder } from '../support/coverage.js'
import { firstThatFits } from '../support/words.js'
import { shownName } from '../support/resourceNames.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'
import { hasLayeredPolicies } from '../../waypoint/attachment.js'
import { GATEWAY_API } from '../../vocabulary/kinds.js'

export const selectorMatchesWaypoint = defineRule({
  name: 'selector-matches-waypoint',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: ['Gateway', 'GatewayClass', 'MeshConfig', 'Workload'],
  check(policy, { mesh, report }) {
    const labels = policy.selector?.matchLabels
    if (
      policy.targetRefs.length > 0 ||
      labels === undefined ||
      isEmptyLabels(labels) ||
      hasPlaceholder(labels)
    )
      return
    const settings = mesh.settings
    if (hasLayeredPolicies(mesh)) return
    const namespace = policy.namespace === settings.rootNamespace ? undefined : policy.namespace
    const gateways = (
      namespace === undefined ? mesh.all('Gateway') : mesh.inNamespace('Gateway', namespace)
    ).filter((gateway) => selectsPodsOf(labels, gateway))
    const [first] = gateways
    const certainty =
      first &&
      gateways.every(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
        ? matchesNothingElse(mesh, labels, namespace)
        : undefined
    if (!first || !certainty) return
    report({
      message: firstThatFits(
        `This policy is not enforced: it selects only pods of waypoint "${shownName(first)}", ` +
          'and waypoints require targetRefs.',
        'This policy is not enforced: it selects only pods of waypoints, and waypoints require targetRefs.',
      ),
      path: ['spec', 'selector'],
      on: 'key',
      certainties: [certainty],
      related: gateways.slice(0, 3).map((gateway) => ({
        resource: gateway,
        path: ['metadata', 'name'],
        message: `Waypoint "${shownName(gateway)}" is defined here.`,
      })),
      fixes: () => (gateways.length === 1 ? targetWaypointInstead(policy, first) : []),
    })
  },
})

/**
 * Whether a Gateway's pods have the labels. istiod copies the labels of `infrastructure`, else of
 * the Gateway, and adds its name.
 */
function selectsPodsOf(selector: Labels, { name, labels, infrastructureLabels }: Gateway): boolean {
  const given = infrastructureLabels ?? labels
  return Object.keys(selector).every(
    (key) => selector[key] === (key === GATEWAY_NAME ? name : given?.[key]),
  )
}

/**
 * How well the files show that only gateway pods have the labels; undefined if another workload has
 * them. Certain if the selector has the gateway name label, or if the files show every workload of
 * the namespace.
 */
function matchesNothingElse(
  mesh: Mesh,
  labels: Labels,
  namespace: string | undefined,
): KnownCertainty | undefined {
  const isOther = (workload: Workload): boolean => podLabels(workload)?.[GATEWAY_NAME] === undefined
  if (selectWorkloads(mesh, labels, namespace).some(isOther)) return undefined
  if (
    labels[GATEWAY_NAME] !== undefined ||
    (namespace !== undefined && mesh.get(describedForWorkloads, namespace))
  )
    return CERTAIN
  return assumed('no workload outside these files has the selected labels')
}

/**
 * Targets the waypoint instead. No fix for a policy with IP addresses: they never match at a
 * waypoint.
 */
function targetWaypointInstead(policy: AuthorizationPolicy, gateway: Gateway): Fix[] {
  if (gateway.namespace !== policy.namespace || policy.rules.some(matchesAddresses)) return []
  const edits: Edit[] = [
    { op: 'remove', resource: policy, path: ['spec', 'selector'] },
    {
      op: 'set',
      resource: policy,
      path: ['spec', 'targetRefs'],
      value: [{ kind: 'Gateway', group: GATEWAY_API, name: gateway.name }],
    },
  ]
  return [
    { title: `Target the waypoint "${gateway.name}" instead`, preferred: true, safe: false, edits },
  ]
}
