import type { RuleDocs } from '../rule.js'
import { SHOP, STRICT } from '../support/examples.js'

const virtualService = (namespace: string, mark = ''): string => `${SHOP}---
${STRICT}---
apiVersion: v1
kind: Namespace
metadata:
  name: front
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: api-timeout
  namespace: ${namespace}
spec:
  hosts:
    - api.shop.svc.cluster.local${mark}
  http:
    - timeout: 1s
      route:
        - destination:
            host: api.shop.svc.cluster.local
`

export const virtualServiceNotAtWaypointPage: RuleDocs = {
  summary: 'No waypoint reads a VirtualService or a route, so it has no effect.',
  why: "Without sidecars only the waypoint of a Service reads routes for it, and only those of the Service's own namespace and of the waypoint's namespace. A VirtualService or a route in the namespace of the *client* has no effect. A VirtualService for a host that is no Service and no ServiceEntry has none either: a waypoint has one filter chain for each Service.",
  bad: virtualService('front', ' # ←'),
  good: virtualService('shop'),
  fix: "Move the object to the Service's namespace. Ambient mode has no routes for the clients of one namespace only.",
  references: [
    'istio/istio pilot/pkg/networking/core/listener_waypoint.go:1160-1180',
    'https://github.com/istio/istio/issues/54496',
  ],
}
