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
  summary: 'A policy is not enforced, because none of its workloads is in ambient mode.',
  why: `ztunnel enforces policies only for captured pods. A pod is captured if its Namespace, or the pod itself, has the label \`istio.io/dataplane-mode: ambient\`, and the pod does not have the value \`none\`. For other pods without a sidecar no policy is enforced, although the policy's status is \`Accepted\`.

A policy with \`targetRefs\` is enforced at the waypoint. But clients that bypass the waypoint are not denied at the pods.`,
  bad: `${AMBIENT_SHOP.replace('      labels:\n        app: api\n', '      labels:\n        app: api\n        istio.io/dataplane-mode: none # ← not captured\n')}${POLICY}`,
  good: `${AMBIENT_SHOP}${POLICY}`,
  fix: 'Label the Namespace `istio.io/dataplane-mode: ambient`, or remove the label with the value `none` from the pods.',
  references: [
    'istio/istio cni/pkg/util/enablement_selector.go:81-97',
    'istio/istio manifests/charts/istio-cni/values.yaml:59-66',
    'https://istio.io/latest/docs/ambient/usage/add-workloads/',
  ],
}
