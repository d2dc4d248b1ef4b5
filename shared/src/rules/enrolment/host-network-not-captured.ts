import type { Evidence } from '../../mesh/certainty.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { podLabels } from '../../mesh/pods.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { policiesOfWorkload } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { WORKLOAD_KINDS, type WorkloadController } from '../../resources/workload.js'
import { conversionOf, peerAuthenticationOf } from '../../ztunnel/enforcement.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'

export const hostNetworkNotCaptured = defineRule({
  name: 'host-network-not-captured',
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
  check(workload, { mesh, report }) {
    if (!workload.template.hostNetwork || isGatewayPod(podLabels(workload))) return
    const namespace = mesh.get(namespaceEnrolment, workload.namespace)
    if (namespace.mode !== 'ambient') return
    const [first, second, ...more] = policiesFor(mesh, workload)
    if (!first) return
    const what = second
      ? `${String(more.length + 2)} policies of this namespace are`
      : `Policy ${quoted(first.name)} is`
    report({
      message: firstThatFits(
        `${what} not enforced at ${quoted(workload.name)}: pods on the host network are never captured.`,
        `${what} not enforced here: pods on the host network are never captured.`,
      ),
      path: [...workload.templatePath, 'spec', 'hostNetwork'],
      certainties: [namespace.certainty],
      related: [
        ...[first, ...(second ? [second] : []), ...more].slice(0, 4).map((policy): Evidence => ({
          resource: policy,
          path: ['metadata', 'name'],
          message: `Policy ${quoted(policy.name)} applies to these pods.`,
        })),
        ...namespace.evidence,
      ],
    })
  },
})

/** The policies of the workload's namespace that ztunnel would enforce if it captured the pods. */
function policiesFor(
  mesh: Mesh,
  workload: WorkloadController,
): (AuthorizationPolicy | PeerAuthentication)[] {
  const authorization = mesh.get(policiesOfWorkload, workload).filter((policy) => {
    const converted = mesh.get(conversionOf, policy).authorization
    return (
      policy.namespace === workload.namespace &&
      converted !== undefined &&
      !converted.dryRun &&
      !isActionFilledIn(policy)
    )
  })
  const peers = mesh.get(peerAuthenticationOf, workload)
  const strict = [peers.namespace, peers.workload].flatMap((policy) =>
    policy?.mode === 'STRICT' ? [policy] : [],
  )
  return [...authorization, ...strict]
}
