import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const allowGet = (refs: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
${refs}  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

const API = '    - kind: Service\n      group: ""\n      name: api\n'

const PAYMENTS =
  '    - kind: ServiceEntry\n      group: networking.istio.io\n      name: payments\n'

export const targetNotBoundPage: RuleDocs = {
  summary: 'A policy targets a Service that has no waypoint, so nothing enforces it.',
  why: `A policy with \`targetRefs\` is never sent to ztunnel; only a waypoint enforces it, and this Service is bound to none. The status says \`AncestorNotBound\`, and the traffic flows as if there were no policy.`,
  bad: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
    - name: http
      port: 80
      targetPort: 8080
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: ["payments.example"]
  ports:
    - number: 443
      name: tls
      protocol: TLS
  resolution: DNS
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: All
---
${allowGet(API + PAYMENTS)}`,
  good: `${SHOP}---
${COMPANION}---
${allowGet(API)}`,
  fix: 'Create a waypoint and enrol the namespace or the Service with `istio.io/use-waypoint`.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:420-424',
  ],
}
