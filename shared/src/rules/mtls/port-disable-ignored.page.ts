import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

export const portDisableIgnoredPage: RuleDocs = {
  summary:
    'A port-level DISABLE under an inherited STRICT has no effect: plaintext stays refused there.',
  why: 'Where a PeerAuthentication has no mode of its own and inherits STRICT, istiod looks for exceptions among its port-level modes — but only for PERMISSIVE, not for DISABLE. Without a PERMISSIVE port it keeps the inherited STRICT for every port. A sidecar would accept plaintext on the port.',
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
      mode: DISABLE
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
  fix: 'Write the inherited mode once more, `mtls.mode: STRICT`: then exceptions for ports hold as written. Or remove the port-level mode.',
  versions: 'All releases from 1.24 on.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertedSelectorPeerAuthentications)',
  ],
}
