import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const selectorMatchesNothingPage: RuleDocs = {
  summary:
    'No workload in the namespace has the labels of the selector: the policy is not enforced.',
  why: `The policy has no effect, because it applies to no workload: a DENY policy denies nothing, and an ALLOW policy or a STRICT mode restricts nothing. The API server accepts the policy, and the status of an AuthorizationPolicy is \`ZtunnelAccepted: True\`. Usually a label has a spelling mistake, or it is on the Deployment instead of its pod template.

This rule reports a selector only if all of these are true:

- The files show the workloads of the namespace.
- No workload, ServiceEntry, gateway or object without a namespace has the labels.
- No kustomization adds or patches labels.`,
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-outsiders
  namespace: shop
spec:
  selector:
    matchLabels:
      app: apis # ← no workload has this label
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
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            notNamespaces: ["shop"]
`,
  fix: 'Correct the selector or the labels of the pod template.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/workloads.go (buildWorkloadPolicies)',
    'istio/istio pkg/config/labels/instance.go (SubsetOf)',
  ],
}
