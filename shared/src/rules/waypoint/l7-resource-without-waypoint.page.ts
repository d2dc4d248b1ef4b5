import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

const authentication = (attachment: string): string => `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: login
  namespace: shop
spec:
${attachment}
  jwtRules:
    - issuer: https://login.example
`

const retry = (label: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels:
    ${label}
spec:
  selector:
    app: web
  ports:
    - name: http
      port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  namespace: shop
spec:
  parentRefs:
    - kind: Service
      group: ""
      name: web
  rules:
    - backendRefs:
        - name: web
          port: 80
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
  labels:
    ${label}
spec:
  hosts: ["payments.example"]
  ports:
    - number: 80
      name: http
      protocol: HTTP
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: payments
  namespace: shop
spec:
  hosts: ["payments.example"]
  http:
    - timeout: 2s
      route:
        - destination:
            host: payments.example
`

const SELECTOR = '  selector:\n    matchLabels:\n      app: api'

const TARGET = '  targetRefs:\n    - kind: Service\n      group: ""\n      name: api'

export const l7ResourceWithoutWaypointPage: RuleDocs = {
  summary: 'What only a waypoint can do is asked of ztunnel, which ignores it.',
  why: `ztunnel handles connections. Tokens, routes, retries, WebAssembly and request telemetry are for a proxy of layer 7: in ambient mode the waypoint. A RequestAuthentication or WasmPlugin reaches a waypoint by \`targetRefs\` alone, never by a selector or because it is in the namespace; a Telemetry does so by \`targetRefs\` or for a whole namespace. An HTTPRoute or GRPCRoute whose parent is a Service, and a VirtualService of the mesh, have an effect on ambient clients only where the Service has a waypoint.

What is meant for gateways or sidecars is not judged.`,
  bad: `${SHOP}---\n${authentication(SELECTOR)}---\n${retry('istio.io/use-waypoint: none')}`,
  good: `${SHOP}---\n${authentication(TARGET)}---\n${retry('istio.io/use-waypoint: waypoint')}`,
  fix: 'Attach it to the waypoint, or to a Service behind it, with `targetRefs`. Where there is no waypoint, create one.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
    'istio/istio pilot/pkg/model/telemetry.go (applicableTelemetries)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
