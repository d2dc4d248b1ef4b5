import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api-callers
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"]
`

export const hostNetworkNotCapturedPage: RuleDocs = {
  summary:
    'Policies are not enforced at pods on the host network, because these pods are never captured.',
  why: `The CNI redirects traffic inside the network namespace of a pod. A pod with \`hostNetwork: true\` does not have its own network namespace, so ztunnel does not see its connections. No label changes this.

As a client, such a pod has no identity. On its own node it bypasses every policy of captured pods, because ztunnel does not get traffic from the host network of the same node.`,
  bad: `${AMBIENT_SHOP.replace('    spec:\n      containers', '    spec:\n      hostNetwork: true # ← never captured\n      containers')}${POLICY}`,
  good: `${AMBIENT_SHOP}${POLICY}`,
  fix: 'Remove `hostNetwork`, or protect the pods by other means.',
  references: [
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio cni/pkg/iptables/iptables.go:611-665',
  ],
}
