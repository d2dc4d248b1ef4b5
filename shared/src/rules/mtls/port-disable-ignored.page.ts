import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

export const portDisableIgnoredPage: RuleDocs = {
  summary:
    'istiod ignores a port-level DISABLE under an inherited STRICT: plaintext is still denied.',
  why: 'A PeerAuthentication without a mode of its own inherits the mode. If the inherited mode is STRICT, istiod looks for exceptions among the port-level modes, but only for PERMISSIVE, not for DISABLE. Without a PERMISSIVE port, STRICT applies to every port. A sidecar would accept plaintext on this port.',
  bad: `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  portLevelMtls:
    8080:
      mode: DISABLE # ← ignored
`,
  good: `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
  portLevelMtls:
    8080:
      mode: PERMISSIVE
`,
  fix: 'Remove the port-level mode. Or set `mtls.mode: STRICT` in this PeerAuthentication too: istiod then applies the port-level modes as written, and the port accepts plaintext.',
  versions: 'All releases from 1.24 on.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertedSelectorPeerAuthentications)',
  ],
}
