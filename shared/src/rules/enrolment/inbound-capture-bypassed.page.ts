import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const BYPASSING = AMBIENT_SHOP.replace(
  '      labels:\n        app: api\n',
  `      labels:\n        app: api\n      annotations:\n        ambient.istio.io/bypass-inbound-capture: "true" # ← bypasses ztunnel\n`,
)

export const inboundCaptureBypassedPage: RuleDocs = {
  summary: 'Policies are not enforced for plaintext: an annotation bypasses ztunnel.',
  why: 'With `ambient.istio.io/bypass-inbound-capture: "true"` the CNI sets up no inbound redirection in the pod. Connections of the mesh still use ztunnel, on port 15008. **Plaintext** goes directly to the application: no AuthorizationPolicy and no PeerAuthentication applies to it, not even STRICT.',
  bad: `${MESH_STRICT}${BYPASSING.slice(0, -'---\n'.length)}`,
  good: `${MESH_STRICT}${AMBIENT_SHOP.slice(0, -'---\n'.length)}`,
  fix: 'Remove the annotation, or deny plaintext by other means, such as a NetworkPolicy that allows only TCP 15008.',
  references: [
    'istio/istio cni/pkg/nodeagent/net.go:27-58',
    'istio/istio cni/pkg/iptables/iptables.go:286-334',
    'istio/istio cni/pkg/util/podutil.go:179-193',
  ],
}
