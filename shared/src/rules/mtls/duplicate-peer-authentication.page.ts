import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const peer = (name: string, mode: string): string => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: ${name}
  namespace: shop
spec:
  mtls:
    mode: ${mode}
`

export const duplicatePeerAuthenticationPage: RuleDocs = {
  summary: 'Two PeerAuthentications set the mode at the same level: only the oldest counts.',
  why: 'For a workload one PeerAuthentication counts at each level: one of the mesh, one of its namespace, one that selects it. Of several at one level istiod takes the one with the oldest `creationTimestamp` and ignores the others. No file tells which that is; it changes when one is deleted and created again, and two of the same second are in no order at all. Modes are not merged.',
  bad: `${AMBIENT_SHOP}${peer('default', 'STRICT')}---
${peer('migration', 'PERMISSIVE')}`,
  good: `${AMBIENT_SHOP}${peer('default', 'STRICT')}`,
  fix: 'Keep one of them, or let their selectors select different workloads.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/workloads.go:1198-1222 (fetchPeerAuthentications)',
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (getOldestPeerAuthn)',
  ],
}
