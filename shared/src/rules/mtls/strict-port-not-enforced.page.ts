import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

export const strictPortNotEnforcedPage: RuleDocs = {
  summary: 'Plaintext is accepted on a port for which the files say STRICT.',
  why: `For port-level modes istiod makes a DENY policy for ztunnel and has the workload refer to it. Under a mesh-wide STRICT, in two cases the workload refers to the policy but it is never made; ztunnel logs \`skipping unknown policy\` and **accepts plaintext**:

- the PeerAuthentication has the mode PERMISSIVE or DISABLE and a STRICT port, and no PeerAuthentication of the namespace sets a mode: plaintext is accepted on that port too;
- the PeerAuthentication has no mode and a PERMISSIVE port, and a PeerAuthentication of the namespace exists whose mode is UNSET: plaintext is accepted on **every** port.

With a STRICT of the namespace instead of the mesh, neither happens. Sidecars do as written.`,
  bad: `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: PERMISSIVE
  portLevelMtls:
    8080:
      mode: STRICT
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
  fix: 'Write `mtls.mode: STRICT` and list the permissive ports, or deny plaintext on the port with an AuthorizationPolicy: `action: DENY` with `notPrincipals: ["*"]`.',
  versions: 'All releases from 1.24 on.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertPeerAuthentication)',
    'istio/ztunnel src/state.rs (assert_rbac)',
  ],
}
