import type { RuleDocs } from '../rule.js'
import { allowGetAt } from '../support/examples.js'

const PUBLIC = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  gatewayClassName: istio
  listeners:
    - name: http
      port: 80
      protocol: HTTP
---
`

const TARGETS_PUBLIC =
  '    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: public\n'

export const targetNotAWaypointPage: RuleDocs = {
  summary:
    'A policy targets an ingress gateway, and no route leads through it: inside the mesh nobody enforces the policy.',
  why: "A policy that targets a Gateway of class `istio` is enforced by that gateway's proxy, for what comes in through it. It is no waypoint: traffic between workloads of the mesh does not pass it, and a policy with `targetRefs` is never sent to ztunnel. Where no route of the workspace uses the gateway, a waypoint was probably meant.",
  bad: `${PUBLIC}${allowGetAt(TARGETS_PUBLIC)}`,
  good: `${PUBLIC}apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: api
  namespace: shop
spec:
  parentRefs:
    - name: public
  rules:
    - backendRefs:
        - name: api
          port: 80
---
${allowGetAt(TARGETS_PUBLIC)}`,
  fix: 'For traffic inside the mesh, target the Service or its waypoint. For traffic from outside, nothing is wrong.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
    'istio/istio pilot/pkg/config/kube/gatewaycommon/classinfo.go:64-191',
  ],
}
