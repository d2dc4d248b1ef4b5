import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const rootSelectorIgnoredPage: RuleDocs = {
  summary: 'A PeerAuthentication with a selector lies in the root namespace, where it is ignored.',
  why: 'In the root namespace only a PeerAuthentication without a selector counts: it sets the mode of the mesh. One with a selector is ignored for every workload, those of the root namespace included, although the comment in the API says that it would select workloads of all namespaces. Sidecars ignore it too. No status says so.',
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: istio-system
spec:
  selector:
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
