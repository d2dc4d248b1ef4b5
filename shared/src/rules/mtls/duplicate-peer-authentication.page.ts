import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const peer = (name: string, mode: string, mark = ''): string => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: ${name}${mark}
  namespace: shop
spec:
  mtls:
    mode: ${mode}
`

export const duplicatePeerAuthenticationPage: RuleDocs = {
  summary: 'Two PeerAuthentications exist at the same level: only the oldest one applies.',
  why: 'One PeerAuthentication applies to a workload at each level: one of the mesh, one of its namespace, and one that selects it. If several exist at one level, istiod uses the one with the oldest `creationTimestamp` and ignores the others. The files do not show which one is the oldest. The order changes if one is deleted and created again, and it is undefined for two of the same second. Modes are not merged.',
  bad: `${AMBIENT_SHOP}${peer('default', 'STRICT')}---
${peer('migration', 'PERMISSIVE', ' # ← the second one of the namespace')}`,
  good: `${AMBIENT_SHOP}${peer('default', 'STRICT')}`,
  fix: 'Keep one of them, or give them selectors for different workloads.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/workloads.go:1198-1222 (fetchPeerAuthentications)',
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (getOldestPeerAuthn)',
  ],
}
