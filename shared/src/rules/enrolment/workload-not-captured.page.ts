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

export const workloadNotCapturedPage: RuleDocs = {
  summary:
    'Every workload that a policy speaks of is outside ambient, so ztunnel does not enforce it.',
  why: `ztunnel judges the connections of captured pods only. A pod is captured where its Namespace, or the pod itself, has \`istio.io/dataplane-mode: ambient\`, and the pod does not say \`none\`. For any other pod without a sidecar nobody enforces a policy, and its status says \`Accepted\` all the same.

A policy with \`targetRefs\` is enforced at the waypoint; but behind it nothing at the pods refuses what comes past the waypoint.`,
  bad: `${AMBIENT_SHOP.replace('      labels:\n        app: api\n', '      labels:\n        app: api\n        istio.io/dataplane-mode: none\n')}${POLICY}`,
  good: `${AMBIENT_SHOP}${POLICY}`,
  fix: 'Label the Namespace `istio.io/dataplane-mode: ambient`, or take the label `none` from the pods.',
  references: [
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio manifests/charts/istio-cni/values.yaml:59-66',
    'https://istio.io/latest/docs/ambient/usage/add-workloads/',
  ],
}
