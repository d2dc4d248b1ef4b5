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

const targetsPublic = (mark = ''): string =>
  `    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: public${mark}\n`

export const targetNotAWaypointPage: RuleDocs = {
  summary:
    'A policy targets an ingress gateway without routes: it is not enforced inside the mesh.',
  why: 'A policy that targets a Gateway of class `istio` is enforced by the proxy of that gateway, for traffic that enters through it. The gateway is not a waypoint: traffic between workloads of the mesh does not go through it, and istiod never sends a policy with `targetRefs` to ztunnel. If no route in the files uses the gateway, the policy is probably intended for a waypoint.',
  bad: `${PUBLIC}${allowGetAt(targetsPublic(' # ← an ingress gateway'))}`,
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
${allowGetAt(targetsPublic())}`,
  fix: 'For traffic inside the mesh, target the Service or its waypoint. For traffic from outside the mesh, the policy is correct.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
    'istio/istio pilot/pkg/config/kube/gatewaycommon/classinfo.go:64-191',
  ],
}
