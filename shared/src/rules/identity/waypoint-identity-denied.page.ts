import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

export const waypointIdentityDeniedPage: RuleDocs = {
  summary:
    'Clients are admitted at ztunnel by name, but their traffic arrives with the identity of the waypoint and is denied.',
  why: `A waypoint ends the client's connection and opens its own to the pod. The destination's ztunnel therefore sees the waypoint's service account, never the client's. Where the ALLOW policies of a workload, all taken together, admit clients on a port and not the waypoint, everything that comes through the waypoint is refused with \`allow policies exist, but none allowed\`. Only clients that dial pod addresses still get through, past the waypoint.`,
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
            serviceAccounts: ["shop/web"]
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
  fix: "Two policies: bind the one that names clients to the waypoint with `targetRefs`, and let ztunnel admit only the waypoint. Or add the waypoint's service account to the policy; then everybody who passes the waypoint is admitted.",
  references: [
    'istio/ztunnel src/proxy/outbound.rs:597-644',
    'istio/istio tests/integration/ambient/baseline_test.go:1055-1080',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
