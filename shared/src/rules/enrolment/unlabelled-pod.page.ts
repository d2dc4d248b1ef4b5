import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: debug # ← no labels
  namespace: shop
spec:
  containers:
    - name: shell
      image: example/shell
---
`

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

export const unlabelledPodPage: RuleDocs = {
  summary: 'Every policy with a selector applies to a captured pod without labels.',
  why: 'istiod selects the policies of a workload by its labels. For a pod without `metadata.labels` it skips this filter. **Every** AuthorizationPolicy with a selector then applies to the pod, from its own namespace and from the root namespace, also if the selector does not match. Only bare Pods can be without labels, because controllers always set some. PeerAuthentications are not affected.',
  bad: `${AMBIENT_SHOP}${POD}${POLICY}`,
  good: `${AMBIENT_SHOP}${POD.replace(' # ← no labels\n  namespace: shop\n', '\n  namespace: shop\n  labels:\n    app: debug\n')}${POLICY}`,
  fix: 'Add a label to the pod, such as `app`. Policies with other selectors then no longer apply to it.',
  references: [
    'istio/istio pkg/kube/krt/filter.go:114-118, 212',
    'istio/istio pilot/pkg/serviceregistry/ambient/workloads.go (buildWorkloadPolicies)',
  ],
}
