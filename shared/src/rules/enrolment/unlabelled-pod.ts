import type { Workload } from '../../inventory/workloads.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { isDiscovered } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import { policiesOfWorkload } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { changesLabels } from '../../resources/otherObject.js'
import { isEmptyLabels } from '../../resources/selector.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { titleWithEffect } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { canDeny } from '../support/canDeny.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'

export const unlabelledPod = defineRule({
  name: 'unlabelled-pod',
  level: 'warning',
  subjects: WORKLOAD_KINDS,
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Workload',
  ],
  check(pod, { mesh, report }) {
    if (
      pod.type !== 'Pod' ||
      pod.template.labels !== undefined ||
      mesh.all('Other').some(changesLabels)
    )
      return
    const enrolment = mesh.get(enrolmentOf, pod)
    if (
      enrolment.mode !== 'ambient' ||
      enrolment.certainty.level !== 'certain' ||
      !mesh.get(isDiscovered, pod.namespace)
    )
      return
    const policies = selectorPolicies(mesh, pod)
    const [first, second] = policies
    if (!first) return
    const which =
      policies.length > 2
        ? `${String(policies.length)} policies`
        : [first, ...(second ? [second] : [])].map(({ name }) => quoted(name, 24)).join(' and ')
    const effect = second
      ? `apply to ${quoted(pod.name)} although their selectors do not match`
      : `applies to ${quoted(pod.name)} although its selector does not match`
    report({
      message: firstThatFits(
        `${which} ${effect}: the pod has no labels.`,
        `${which} ${second ? 'apply' : 'applies'} to this pod because it has no labels.`,
      ),
      path: ['metadata', 'name'],
      certainties: [enrolment.certainty],
      related: [
        ...policies.slice(0, 5).map((policy) => ({
          resource: policy,
          path: ['spec', 'selector'],
          message: `Policy ${quoted(policy.name)} applies to the pod.`,
        })),
        ...enrolment.evidence,
      ],
      // Not safe: the policies then no longer apply to the pod.
      fixes: () =>
        rankFixes({
          ...titleWithEffect(
            'Add an app label',
            'policies with other selectors then no longer apply',
          ),
          preferred: false,
          safe: false,
          edits: [
            { op: 'set', resource: pod, path: ['metadata', 'labels', 'app'], value: pod.name },
          ],
        }),
    })
  },
})

/**
 * The policies that apply to a pod because it has no labels, as far as they can deny something: an
 * ALLOW cannot where another one allows everything.
 */
function selectorPolicies(mesh: Mesh, pod: Workload): AuthorizationPolicy[] {
  const enforced = mesh.get(policiesOfWorkload, pod).filter((policy) => {
    const { authorization } = mesh.get(conversionOf, policy)
    return authorization !== undefined && !authorization.dryRun && !isActionFilledIn(policy)
  })
  const allowsAll = enforced.some((policy) => policy.action === 'ALLOW' && !canDeny(policy))
  return enforced.filter(
    (policy) =>
      !isEmptyLabels(policy.selector?.matchLabels) &&
      canDeny(policy) &&
      !(policy.action === 'ALLOW' && allowsAll),
  )
}
