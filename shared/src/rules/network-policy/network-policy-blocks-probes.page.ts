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
  policyTypes:${ingress}`

export const networkPolicyBlocksProbesPage: RuleDocs = {
  summary:
    'A NetworkPolicy may block the probes of captured pods, because it does not allow their source address.',
  why: `The CNI changes the source address of traffic from the node to a captured pod to \`169.254.7.127\` (\`fd16:9254:7127:1337:ffff:ffff:ffff:ffff\` for IPv6), so that ztunnel does not handle probes as plaintext of a client.

Most CNI plugins always allow traffic from the node. Some check the address and deny it unless a policy allows it. The pods then fail their probes as soon as they are captured.

The rule reports nothing where a policy of Cilium or Calico, an AdminNetworkPolicy or a ClusterNetworkPolicy can apply to the pods: such a policy can allow the address, and its rules are not read.`,
  bad: `${PROBED}${networkPolicy(' # ← the address of probes is not allowed\n    - Ingress\n')}`,
  good: `${PROBED}${networkPolicy('\n    - Ingress\n  ingress:\n    - from:\n        - ipBlock:\n            cidr: 169.254.7.127/32\n')}`,
  fix: 'Allow `169.254.7.127/32`, and `fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128` for pods with IPv6 addresses.',
  references: [
    'https://istio.io/latest/docs/ambient/usage/networkpolicy/',
    'istio/istio cni/pkg/nodeagent/options.go:31-48',
    'istio/istio cni/pkg/iptables/iptables.go:611-665',
  ],
}
