import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP, withServiceLabel } from '../support/examples.js'

const EDGE = `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: api
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  jwtRules:
    - issuer: https://login.example
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: storefront
  namespace: ingress
spec:
  gatewayClassName: istio
  listeners:
    - name: http
      port: 80
      protocol: HTTP
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: storefront
  namespace: shop
spec:
  parentRefs:
    - name: storefront
      namespace: ingress
  rules:
    - backendRefs:
        - name: api
          port: 80
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: partners
  namespace: ingress
spec:
  selector:
    istio: ingressgateway
  servers:
    - port:
        number: 80
        name: http
        protocol: HTTP
      hosts: ["partners.example"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: partners
  namespace: shop
spec:
  hosts: ["partners.example"]
  gateways: ["ingress/partners"]
  http:
    - route:
        - destination:
            host: api
`

export const ingressBypassesWaypointPage: RuleDocs = {
  summary: 'An ingress gateway routes to a Service past its waypoint.',
  why: `An ingress gateway of Istio sends requests to the pods of a Service directly, under its own identity. The waypoint of the Service, and every policy there, is passed by, unless the Service (or its Namespace) has the label \`istio.io/ingress-use-waypoint: "true"\`. Where ztunnel admits only the waypoint, the gateway's requests are denied. Where a policy names the gateway's account at ztunnel, somebody has chosen this way, and it is only mentioned.

An ingress that is not Istio's dials pods, too; there the label does not help.`,
  bad: `${SHOP}---\n${COMPANION}---\n${EDGE}`,
  good: `${withServiceLabel(SHOP, 'istio.io/ingress-use-waypoint: "true"')}---\n${COMPANION}---\n${EDGE}`,
  fix: 'Label the Service `istio.io/ingress-use-waypoint: "true"`, or put the policies on the gateway too.',
  references: [
    'istio/istio pilot/pkg/xds/endpoints/endpoint_builder.go:411,431-440,993-1025',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:772-789',
    'https://istio.io/latest/docs/ambient/usage/waypoint/',
  ],
}
