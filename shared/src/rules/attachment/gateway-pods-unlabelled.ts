import type { Workload } from '../../inventory/workloads.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { handDeployedPods } from '../../mesh/gatewayPods.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'
import { namesOtherNamespace, resolveTarget } from '../../waypoint/attachment.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'

export const gatewayPodsUnlabelled = defineRule({
  name: 'gateway-pods-unlabelled',
  level: 'error',
  subjects: ['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'],
  reads: ['Gateway', 'GatewayClass', 'MeshConfig', 'Service', 'ServiceEntry', 'Workload', 'opaque'],
  check(policy, { mesh, report }) {
    for (const ref of policy.targetRefs) {
      if (namesOtherNamespace(policy, ref)) continue
      const target = resolveTarget(mesh, policy, ref)
      if (
        target.kind !== 'Gateway' ||
        mesh.get(classRole, target.gateway.gatewayClassName) !== 'ingress'
      )
        continue
      const { name } = target.gateway
      const pods = mesh.get(handDeployedPods, target.gateway)
      if (!pods || pods.unnamed.length === 0) continue
      const none = pods.named.length === 0
      report({
        message: none
          ? firstThatFits(
              `No proxy enforces this policy: the pods of Gateway ${quoted(name)} do not have the label ${GATEWAY_NAME}.`,
              `No proxy enforces this policy: the gateway's pods do not have the label ${GATEWAY_NAME}.`,
            )
          : firstThatFits(
              `Some pods of Gateway ${quoted(name)} do not enforce this policy: they do not have the label ${GATEWAY_NAME}.`,
              `Some pods of the gateway do not enforce this policy: they lack the label ${GATEWAY_NAME}.`,
            ),
        path: [...ref.path, 'name'],
        level: none ? 'error' : 'warning',
        related: pods.unnamed.slice(0, 3).map((resource) => ({
          resource,
          path: ['metadata', 'name'],
          message: `The pods of ${resource.type} "${resource.name}" are behind the address of the Gateway.`,
        })),
        fixes: () => rankFixes(labelPods(pods.unnamed, name)),
      })
    }
  },
})

/** Adds the label to the pod templates. It changes no selector, so that the pods stay where they are. */
function labelPods(pods: readonly Workload[], name: string): Fix | undefined {
  const edits = pods.map((pod) => ({
    op: 'set' as const,
    resource: pod,
    path:
      pod.type === 'WorkloadEntry'
        ? ['spec', 'labels', GATEWAY_NAME]
        : [...pod.templatePath, 'metadata', 'labels', GATEWAY_NAME],
    value: name,
  }))
  return { title: `Add ${GATEWAY_NAME} to the pods`, preferred: true, safe: false, edits }
}
