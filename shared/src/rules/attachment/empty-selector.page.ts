import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const emptySelectorPage: RuleDocs = {
  summary: 'An empty selector matches no workload in ambient mode: the policy is not enforced.',
  why: 'istiod attaches a policy with a selector to the workloads that have its labels. It skips a selector without labels: ztunnel receives the policy, but **no workload uses it**. The status still has `ZtunnelAccepted: True`. At sidecars the same selector matches the whole namespace. (A PeerAuthentication with an empty selector applies to the whole namespace in ambient mode too.)',
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-outsiders
  namespace: shop
spec:
  selector: {} # ← matches no workload
  action: DENY
  rules:
    - from:
        - source:
            notNamespaces: ["shop"]
`,
  good: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-outsiders
  namespace: shop
spec:
  action: DENY
  rules:
    - from:
        - source:
            notNamespaces: ["shop"]
`,
  fix: 'Remove the selector: the policy then applies to the whole namespace.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/workloads.go (buildWorkloadPolicies)',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (convertAuthorizationPolicy)',
  ],
}
