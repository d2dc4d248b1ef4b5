import { defineRule } from '../rule.js'
import { capturedNamespaces, sidecarNamespaces } from './clients.js'

export const outboundPolicyNotEnforced = defineRule({
  name: 'outbound-policy-not-enforced',
  level: 'information',
  subjects: ['MeshConfig'],
  reads: ['AuthorizationPolicy', 'Gateway', 'MeshConfig', 'Namespace', 'Workload'],
  check({ meshConfig }, { mesh, report }) {
    const { outboundTrafficPolicy } = meshConfig
    if (outboundTrafficPolicy?.value !== 'REGISTRY_ONLY') return
    if (mesh.get(capturedNamespaces, '').length === 0) return
    report({
      message:
        'Workloads in ambient mode reach every external host: ztunnel does not enforce REGISTRY_ONLY.',
      path: outboundTrafficPolicy.path,
      level: mesh.get(sidecarNamespaces, '').length > 0 ? 'information' : 'warning',
    })
  },
})
