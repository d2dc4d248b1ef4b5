import { enrolmentOf } from '../../mesh/enrolment.js'
import { bypassesInboundCapture } from '../../mesh/pods.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'
import { BYPASS_INBOUND_CAPTURE } from '../../vocabulary/annotations.js'

export const inboundCaptureBypassed = defineRule({
  name: 'inbound-capture-bypassed',
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
    if (!bypassesInboundCapture(workload)) return
    const enrolment = mesh.get(enrolmentOf, workload)
    if (enrolment.mode !== 'ambient') return
    const enforced = mesh
      .get(policiesAtZtunnel, workload)
      .filter(
        ({ authorization, policy }) =>
          !authorization.dryRun && !(policy && isActionFilledIn(policy)),
      )
    const [first, second] = enforced
    if (!first) return
    const policies = enforced.flatMap(({ policy }) => policy ?? [])
    const what = second
      ? `${String(enforced.length)} policies are`
      : first.policy
        ? `Policy ${quoted(first.policy.name)} is`
        : 'The mode STRICT is'
    const path = [...workload.templatePath, 'metadata', 'annotations', BYPASS_INBOUND_CAPTURE]
    report({
      message: firstThatFits(
        `${what} not enforced for plaintext to ${quoted(workload.name)}: this annotation bypasses ztunnel.`,
        `${what} not enforced for plaintext to this workload: this annotation bypasses ztunnel.`,
      ),
      path,
      on: 'key',
      certainties: [enrolment.certainty],
      related: [
        ...policies.slice(0, 4).map((policy) => ({
          resource: policy,
          path: ['metadata', 'name'],
          message: `Policy ${quoted(policy.name)} applies to this workload.`,
        })),
        ...enrolment.evidence,
      ],
      fixes: () =>
        rankFixes({
          title: 'Remove the annotation',
          preferred: true,
          safe: false,
          edits: [{ op: 'remove', resource: workload, path }],
        }),
    })
  },
})
