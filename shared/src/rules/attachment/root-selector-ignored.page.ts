import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const rootSelectorIgnoredPage: RuleDocs = {
  summary: 'A PeerAuthentication with a selector is ignored in the root namespace.',
  why: 'In the root namespace only a PeerAuthentication without a selector applies: it sets the mode of the mesh. A PeerAuthentication with a selector is ignored for every workload, even for workloads of the root namespace. The comment in the API, that it selects workloads in all namespaces, is wrong. Sidecars ignore it too. No status shows this.',
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: istio-system
spec:
  selector: # ← ignored in the root namespace
    matchLabels:
      app: api
  mtls:
    mode: STRICT
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
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
`,
  fix: 'Move it to the namespace of the workloads.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/workloads.go:1198-1222 (fetchPeerAuthentications)',
    'istio/istio pilot/pkg/security/authn/policy_applier.go:398-466',
    'istio/api security/v1beta1/peer_authentication.proto:141-145',
  ],
}
