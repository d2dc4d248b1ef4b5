import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

export const waypointIdentityDeniedPage: RuleDocs = {
  summary:
    "All traffic through the waypoint is denied: ztunnel sees the waypoint's identity, not the client's.",
  why: `A waypoint ends the client's connection and opens its own connection to the pod. The destination's ztunnel sees the service account of the waypoint, never that of the client. If the ALLOW policies of a workload together allow clients on a port but not the waypoint, all traffic through the waypoint is denied with \`allow policies exist, but none allowed\`. Only clients that bypass the waypoint are still allowed: clients that connect to pod addresses, sidecars, and ingress gateways.`,
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
  fix: "Use two policies: one with `targetRefs` that restricts the clients at the waypoint, and one that allows only traffic from the waypoint at ztunnel. Or add the waypoint's service account to the policy; then every client of the waypoint is allowed.",
  references: [
    'istio/ztunnel src/proxy/outbound.rs:597-644',
    'istio/istio tests/integration/ambient/baseline_test.go:1055-1080',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
