import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP, storefront, withServiceLabel } from '../support/examples.js'

const edge = (mark = ''): string => `apiVersion: security.istio.io/v1
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
${storefront(mark)}---
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
            host: api${mark}
`

export const ingressBypassesWaypointPage: RuleDocs = {
  summary: 'An ingress gateway bypasses the waypoint of a Service.',
  why: `An Istio ingress gateway sends requests directly to the pods of a Service, with its own identity. The policies at the waypoint do not apply to them, unless the Service or its Namespace has the label \`istio.io/ingress-use-waypoint: "true"\`.

Where ztunnel allows only the waypoint, it denies the gateway's requests. Where a policy at ztunnel allows the gateway's service account, direct access is intended, and the level is only information.

Ingress controllers other than Istio's also call pods directly. For them the label has no effect.`,
  bad: `${edge(' # ← bypasses the waypoint')}---\n${COMPANION}---\n${SHOP}`,
  good: `${edge()}---\n${COMPANION}---\n${withServiceLabel(SHOP, 'istio.io/ingress-use-waypoint: "true"')}`,
  fix: 'Label the Service `istio.io/ingress-use-waypoint: "true"`, or enforce the policies at the gateway too.',
  references: [
    'istio/istio pilot/pkg/xds/endpoints/endpoint_builder.go:411,431-440,993-1025',
    'istio/istio pilot/pkg/serviceregistry/ambient/services.go:772-789',
    'https://istio.io/latest/docs/ambient/usage/waypoint/',
  ],
}
