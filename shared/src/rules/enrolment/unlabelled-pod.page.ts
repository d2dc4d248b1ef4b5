import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: debug
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
  summary: 'A captured pod has no labels, so every selector policy is attached to it.',
  why: 'istiod looks up the policies of a workload by its labels. For a pod whose `metadata.labels` is absent that filter is left out, and **every** AuthorizationPolicy with a selector, of its namespace and of the root namespace, is attached to it, whatever it selects. Only a bare Pod can be without labels: controllers always set some. PeerAuthentications are not affected.',
  bad: `${AMBIENT_SHOP}${POD}${POLICY}`,
  good: `${AMBIENT_SHOP}${POD.replace('  namespace: shop\n', '  namespace: shop\n  labels:\n    app: debug\n')}${POLICY}`,
  fix: 'Give the pod a label, such as `app`.',
  references: [
    'istio/istio pkg/kube/krt/filter.go:114-118, 212',
    'istio/istio pilot/pkg/serviceregistry/ambient/workloads.go (buildWorkloadPolicies)',
  ],
}
