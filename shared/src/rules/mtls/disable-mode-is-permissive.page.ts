import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const disableModeIsPermissivePage: RuleDocs = {
  summary: 'DISABLE does not disable mutual TLS in ambient mode: it acts as PERMISSIVE.',
  why: `DISABLE **allows plaintext from outside the mesh**, even if the mode of the namespace or of the mesh is STRICT. It has no other effect: workloads in ambient mode always use mutual TLS with each other, because the ztunnel of the client ignores PeerAuthentication. No status and no log shows this.

The level is *error* if DISABLE overrides an inherited STRICT, and *warning* otherwise.`,
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
  fix: `Choose one:

- To deny plaintext, set STRICT.
- To use the mode of the namespace or of the mesh, remove the mode.
- To keep the present effect, set PERMISSIVE.
- If the pods must not use mutual TLS at all, remove them from ambient mode.`,
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertedSelectorPeerAuthentications)',
    'istio/ztunnel src/proxy/outbound.rs',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
