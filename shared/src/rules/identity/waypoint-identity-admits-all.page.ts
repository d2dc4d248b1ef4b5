import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

export const waypointIdentityAdmitsAllPage: RuleDocs = {
  summary:
    "The rule also matches the waypoint's identity: every client of the waypoint is allowed.",
  why: `Behind a waypoint the destination's ztunnel sees the identity of the waypoint, not of the client. A source such as \`namespaces: ["shop"]\` or a principal with a wildcard is intended for clients, but it also matches a waypoint in that namespace. Every client that can reach the waypoint can then reach the pods, from any namespace, unless a policy at the waypoint restricts the clients by identity.`,
  bad: `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-own-namespace
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces: ["shop"] # ← also matches the waypoint
`,
  good: `${SHOP}---
${COMPANION}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-own-namespace
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
            namespaces: ["shop"]
`,
  fix: 'Restrict the clients at the waypoint with `targetRefs`, and allow only traffic from the waypoint at ztunnel.',
  references: [
    'istio/ztunnel src/proxy/outbound.rs:597-644',
    'istio/ztunnel src/rbac.rs:86-209',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
