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

const api = (mark = ''): string => `    - kind: Service\n      group: ""\n      name: api${mark}\n`

const NO_WAYPOINT = ' # ← has no waypoint'

const PAYMENTS = `    - kind: ServiceEntry
      group: networking.istio.io
      name: payments${NO_WAYPOINT}
`

export const targetNotBoundPage: RuleDocs = {
  summary: 'A policy targets a Service without a waypoint: it is not enforced.',
  why: `istiod never sends a policy with \`targetRefs\` to ztunnel. Only a waypoint enforces it, and this Service is not bound to one. The status has \`WaypointAccepted: False\` with reason \`AncestorNotBound\` (with several targetRefs: \`Invalid\` or \`PartiallyInvalid\`). The traffic is allowed as if the policy did not exist.`,
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
${allowGet(api(NO_WAYPOINT) + PAYMENTS)}`,
  good: `${SHOP}---
${COMPANION}---
${allowGet(api())}`,
  fix: 'Create a waypoint, and set `istio.io/use-waypoint` on the namespace or the Service.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:420-424',
  ],
}
