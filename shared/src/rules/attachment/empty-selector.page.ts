import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const emptySelectorPage: RuleDocs = {
  summary: 'A selector without labels attaches an AuthorizationPolicy to no workload at ztunnel.',
  why: 'Where a selector is present, istiod gives the policy the scope of single workloads, and then attaches it to the workloads whose labels match its labels. A selector that has none is left out there: ztunnel receives the policy and **no workload refers to it**. Its status says `Accepted: True` all the same. At sidecars the same selector means the whole namespace. (A PeerAuthentication with an empty selector is namespace-wide in ambient too.)',
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-outsiders
  namespace: shop
spec:
  selector: {}
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
  fix: 'Remove the selector: the policy then speaks of the whole namespace.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/workloads.go (buildWorkloadPolicies)',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (convertAuthorizationPolicy)',
  ],
}
