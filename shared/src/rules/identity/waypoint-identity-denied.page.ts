import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

export const waypointIdentityDeniedPage: RuleDocs = {
  summary:
    "All traffic through the waypoint is denied: ztunnel sees the waypoint's identity, not the client's.",
  why: `A waypoint ends the connection of the client and opens its own connection to the pod. So the ztunnel of the destination sees the service account of the waypoint, not of the client. If the ALLOW policies of a workload allow clients on a port, but not the waypoint, ztunnel denies all traffic through the waypoint and logs \`allow policies exist, but none allowed\`. The rule evaluates all ALLOW policies of the workload together.

Clients that bypass the waypoint are still allowed if a policy allows them: clients that connect to pod addresses, sidecars, and ingress gateways.`,
  bad: `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"] # ← does not match the waypoint
`,
  good: `${SHOP}---
${COMPANION}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"]
`,
  fix: `Choose one:

- Use two policies: one with \`targetRefs\` that allows the clients at the waypoint, and one with a \`selector\` that allows only the waypoint at ztunnel.
- Add the service account of the waypoint to the policy. ztunnel then allows every client of the waypoint.`,
  references: [
    'istio/ztunnel src/proxy/outbound.rs:597-644',
    'istio/istio tests/integration/ambient/baseline_test.go:1055-1080',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
