import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const disableModeIsPermissivePage: RuleDocs = {
  summary: 'DISABLE does not disable mutual TLS in ambient mode: it acts as PERMISSIVE.',
  why: `Captured workloads always use mutual TLS with each other: the ztunnel of the client ignores PeerAuthentication. At the destination, DISABLE acts as PERMISSIVE. It does not disable anything: it only makes the workload **accept plaintext from outside the mesh**, even under a STRICT of the namespace or the mesh. No status and no log shows this.

The finding is an error if the mode overrides an inherited STRICT.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: DISABLE # ← acts as PERMISSIVE
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: PERMISSIVE
`,
  fix: 'Remove the mode, so that the workloads inherit it. Or set PERMISSIVE, which has the same effect, or STRICT. If the pods must not use mutual TLS, remove them from ambient mode.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertedSelectorPeerAuthentications)',
    'istio/ztunnel src/proxy/outbound.rs',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
