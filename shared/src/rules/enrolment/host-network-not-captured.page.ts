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
    'Pods on the host network are never captured, so the policies of their ambient namespace are not enforced there.',
  why: 'The CNI redirects traffic inside the network namespace of a pod. A pod with `hostNetwork: true` has none of its own, and no label changes that: ztunnel does not see its connections. It has no identity towards others either, and on its own node it reaches captured pods past every policy, because traffic from host sockets looks like that of the kubelet.',
  bad: `${AMBIENT_SHOP.replace('    spec:\n      containers', '    spec:\n      hostNetwork: true\n      containers')}${POLICY}`,
  good: `${AMBIENT_SHOP}${POLICY}`,
  fix: 'Take the pods off the host network, or protect them by other means.',
  references: [
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio cni/pkg/iptables/iptables.go:611-665',
  ],
}
