import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const PROBED = AMBIENT_SHOP.replace(
  '          image: example/api\n',
  '          image: example/api\n          readinessProbe:\n            httpGet:\n              path: /ready\n              port: 8080\n',
)

const networkPolicy = (ingress: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes:
    - Ingress
${ingress}`

export const networkPolicyBlocksProbesPage: RuleDocs = {
  summary:
    'A NetworkPolicy isolates captured pods that the kubelet probes, and does not admit the address that their probes come from.',
  why: `So that probes are not taken for plaintext of a client, the CNI gives everything that the node itself sends to a captured pod the source address \`169.254.7.127\` (\`fd16:9254:7127:1337:ffff:ffff:ffff:ffff\` for IPv6). Most network plug-ins always admit the traffic of the node; some go by the address, and refuse this one unless a policy names it. The pods then fail their probes as soon as they are captured.`,
  bad: `${PROBED}${networkPolicy('')}`,
  good: `${PROBED}${networkPolicy('  ingress:\n    - from:\n        - ipBlock:\n            cidr: 169.254.7.127/32\n')}`,
  fix: `Admit \`169.254.7.127/32\`, and \`fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128\` where pods have IPv6 addresses.`,
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/istio cni/pkg/nodeagent/options.go:31-48',
    'istio/istio cni/pkg/iptables/iptables.go:611-665',
  ],
}
