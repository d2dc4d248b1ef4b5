import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const BYPASSING = AMBIENT_SHOP.replace(
  '      labels:\n        app: api\n',
  `      labels:\n        app: api\n      annotations:\n        ambient.istio.io/bypass-inbound-capture: "true"\n`,
)

export const inboundCaptureBypassedPage: RuleDocs = {
  summary:
    'Plaintext to a workload is not redirected to ztunnel, so its policies are not enforced for it.',
  why: `With \`ambient.istio.io/bypass-inbound-capture: "true"\` the CNI sets no inbound redirection in the pod. Connections of the mesh arrive through ztunnel all the same, on port 15008; **plaintext** goes straight to the application. No AuthorizationPolicy and no PeerAuthentication, STRICT included, is looked at for it.`,
  bad: `${MESH_STRICT}${BYPASSING.slice(0, -'---\n'.length)}`,
  good: `${MESH_STRICT}${AMBIENT_SHOP.slice(0, -'---\n'.length)}`,
  fix: 'Remove the annotation, or keep plaintext away by other means, such as a NetworkPolicy that admits nothing but TCP 15008.',
  references: [
    'istio/istio cni/pkg/nodeagent/net.go:27-58',
    'istio/istio cni/pkg/iptables/iptables.go:286-334',
    'istio/istio cni/pkg/util/podutil.go:179-193',
  ],
}
