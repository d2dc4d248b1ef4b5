import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

export const selectorMatchesNothingPage: RuleDocs = {
  summary: 'No workload of the namespace has the labels that a policy selects.',
  why: 'The policy is valid, and its status says `Accepted`, but it is enforced nowhere: a DENY stops nothing, an ALLOW restricts nothing, a STRICT refuses nothing. Mostly a label is misspelt, or it stands on the Deployment and not on its pod template. The finding is made only where the files show the workloads of the namespace, and none of them, no ServiceEntry, no gateway and no object without a namespace has the labels, and no kustomization adds or patches labels.',
  bad: `${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-outsiders
  namespace: shop
spec:
  selector:
    matchLabels:
      app: apis
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
  fix: 'Correct the selector, or the labels of the pod template.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/workloads.go (buildWorkloadPolicies)',
    'istio/istio pkg/config/labels/instance.go (SubsetOf)',
  ],
}
