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
  why: `The traffic is allowed, as without the policy. Only a waypoint enforces a policy with \`targetRefs\`, and no waypoint serves this Service or ServiceEntry. istiod never sends such a policy to ztunnel. The status of the policy is \`WaypointAccepted: False\` with the reason \`AncestorNotBound\` (with several targetRefs: \`Invalid\` or \`PartiallyInvalid\`).`,
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
  fix: 'Create a waypoint. Then set the label `istio.io/use-waypoint` to its name, on the namespace, the Service or the ServiceEntry. If the waypoint is in another namespace, also set `istio.io/use-waypoint-namespace`.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/policies.go:38-159',
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:420-424',
  ],
}
