import type { RuleDocs } from '../rule.js'
import { SHOP, STRICT, WEB_SERVICE } from '../support/examples.js'

const COMPANION = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-only-from-waypoint
  namespace: shop
spec:
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/waypoint"]
`

const example = (targets: string, mark = ''): string => `${SHOP}---
${WEB_SERVICE}---
${STRICT}---
${COMPANION}---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  namespace: shop
spec:
  parentRefs:
    - group: ""
      kind: Service
      name: web
  rules:
    - backendRefs:
        - name: api${mark}
          port: 80
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
${targets}  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

const API = `    - kind: Service
      group: ""
      name: api
`

export const routeBypassesTargetPolicyPage: RuleDocs = {
  summary:
    'A route sends requests to a Service, and the policies for this Service do not apply to them.',
  why: 'A waypoint has one filter chain for each Service, with the policies for the Service that a client *calls*. A route sends the request on to the pods of another Service, without a second chain: the policies for the Service that is *reached* do not apply. This is also so for a Service of another namespace, whose waypoint is bypassed. A mesh route needs no ReferenceGrant. The ztunnel of the pods sees the first waypoint.',
  bad: example(API, ' # ←'),
  good: example(`${API}    - kind: Service
      group: ""
      name: web
`),
  fix: "Target both Services, or the waypoint as a whole. For a Service behind another waypoint, allow only that waypoint's service account at ztunnel.",
  references: [
    'istio/istio pilot/pkg/networking/core/listener_waypoint.go',
    'istio/istio pilot/pkg/config/kube/gateway/route_collections.go:102',
  ],
}
