import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

export const strictPortNotEnforcedPage: RuleDocs = {
  summary: 'Plaintext is accepted on a port that the files set to STRICT.',
  why: `For port-level modes istiod generates a DENY policy for ztunnel, and the workload refers to this policy. Under a mesh-wide STRICT there are two cases in which the workload refers to the policy but istiod does not generate it. ztunnel logs \`skipping unknown policy\` and **accepts plaintext**:

- The PeerAuthentication has the mode PERMISSIVE or DISABLE and a STRICT port, and no PeerAuthentication of the namespace sets a mode: plaintext is accepted on the STRICT port too.
- The PeerAuthentication has no mode and a PERMISSIVE port, and the namespace has a PeerAuthentication with mode UNSET: plaintext is accepted on **every** port.

Neither happens with a STRICT of the namespace instead of the mesh. Sidecars enforce the modes as written.`,
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
      mode: STRICT # ← not enforced
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
  fix: 'Set `mtls.mode: STRICT` and list the permissive ports. Or deny plaintext on the port with an AuthorizationPolicy: `action: DENY` with `notPrincipals: ["*"]`.',
  versions: 'All releases from 1.24 on.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertPeerAuthentication)',
    'istio/ztunnel src/state.rs (assert_rbac)',
  ],
}
