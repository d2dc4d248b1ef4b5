import type { RuleDocs } from '../rule.js'
import { SHOP, STRICT } from '../support/examples.js'

const routeTo = (parent: string): string => `${SHOP}---
${STRICT}---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: api
  namespace: shop
spec:
  parentRefs:
${parent}  rules:
    - timeouts:
        request: 1s
      backendRefs:
        - name: api
          port: 80
`

export const routeParentIsWaypointPage: RuleDocs = {
  summary: 'A route has a waypoint as its parent, and has no effect.',
  why: 'A waypoint reads the routes of the Services that are bound to it. istiod converts no route whose parent is the waypoint itself: the traffic goes to the Service as if the route did not exist.',
  bad: routeTo(`    - group: gateway.networking.k8s.io
      kind: Gateway
      name: waypoint # ←
`),
  good: routeTo(`    - group: ""
      kind: Service
      name: api
`),
  fix: 'Use the Service as the parent: `group: ""`, `kind: Service` and the name of the Service that clients call.',
  references: [
    'istio/istio pilot/pkg/config/kube/gateway/gateway_collection.go:183-186',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
