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

const SELECTOR = '  selector: # ← ignored by waypoints\n    matchLabels:\n      app: api'

const TARGET = '  targetRefs:\n    - kind: Service\n      group: ""\n      name: api'

export const l7ResourceWithoutWaypointPage: RuleDocs = {
  summary: 'This resource needs a waypoint; ztunnel ignores it.',
  why: `ztunnel handles connections, not requests. In ambient mode, only a waypoint verifies tokens, routes and retries requests, runs WebAssembly plugins and reports request telemetry.

- A RequestAuthentication or WasmPlugin applies to a waypoint only with \`targetRefs\`. A waypoint ignores a selector, and ignores a resource for the whole namespace.
- A Telemetry applies to a waypoint with \`targetRefs\`, or without a selector for the whole namespace.
- An HTTPRoute or GRPCRoute with a Service as parent, and a VirtualService for the mesh, affect ambient clients only if the Service has a waypoint.

Resources for gateways or sidecars are not reported.`,
  bad: `${authentication(SELECTOR)}---\n${retry('istio.io/use-waypoint: none # ← no waypoint')}---\n${SHOP}`,
  good: `${authentication(TARGET)}---\n${retry('istio.io/use-waypoint: waypoint')}---\n${SHOP}`,
  fix: 'Attach the resource to the waypoint, or to a Service behind it, with `targetRefs`. Create a waypoint if there is none.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:123-201',
    'istio/istio pilot/pkg/model/telemetry.go (applicableTelemetries)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
