import type { RuleDocs } from '../rule.js'
import { SHOP, STRICT } from '../support/examples.js'

const virtualService = (match: string): string => `${SHOP}---
${STRICT}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: api
  namespace: shop
spec:
  hosts:
    - api
  http:
    - match:
${match}      route:
        - destination:
            host: api
      timeout: 1s
    - route:
        - destination:
            host: api
`

export const virtualServiceSourceMatchPage: RuleDocs = {
  summary: 'A match names labels or a namespace of the client, and a waypoint never takes it.',
  why: "A sidecar compares `sourceLabels` and `sourceNamespace` with its own pod. A waypoint is not the client: it drops every match with `sourceLabels`, and it compares `sourceNamespace` with the waypoint's own namespace. The route is left out, and the next one is taken.",
  bad: virtualService(`        - sourceLabels: # ←
            app: web
`),
  good: virtualService(`        - headers:
            x-user:
              exact: test
`),
  fix: 'Match something that is in the request, such as a header, or remove the route.',
  references: [
    'istio/istio pilot/pkg/networking/core/listener_waypoint.go:1201-1206',
    'istio/istio pilot/pkg/networking/core/route/route.go:444-463',
    'https://github.com/istio/istio/issues/51565',
  ],
}
