import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const disableModeIsPermissivePage: RuleDocs = {
  summary: 'The mode DISABLE does not disable mutual TLS in ambient; it permits plaintext.',
  why: `Between captured workloads ztunnel always uses mutual TLS: a client's ztunnel does not look at PeerAuthentication. At the destination, DISABLE counts as PERMISSIVE. So nothing is switched off; what changes is that **plaintext from outside the mesh is accepted**, also where the mode overrides a STRICT of the namespace or the mesh. No status and no log says so.

The finding is an error where the mode overrides an inherited STRICT.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: DISABLE
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
  fix: 'Remove the mode, so that it is inherited; write PERMISSIVE, which says what happens; write STRICT; or, where the pods shall not take part in mutual TLS, take them out of ambient.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertedSelectorPeerAuthentications)',
    'istio/ztunnel src/proxy/outbound.rs',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
