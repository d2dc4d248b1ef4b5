import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

export const waypointIdentityAdmitsAllPage: RuleDocs = {
  summary:
    'A restriction of clients matches the waypoint by chance, so everybody who comes through the waypoint is admitted.',
  why: `The destination's ztunnel sees the waypoint's identity in place of the client's. A source such as \`namespaces: ["shop"]\` or a wildcard principal, meant for clients, also matches a waypoint that runs in that namespace. Whoever can reach the waypoint then reaches the pods, from any namespace, unless a policy at the waypoint asks who they are.`,
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
            namespaces: ["shop"]
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
  fix: 'Restrict clients at the waypoint, with `targetRefs`, and let ztunnel admit only the waypoint.',
  references: [
    'istio/ztunnel src/proxy/outbound.rs:597-644',
    'istio/ztunnel src/rbac.rs:86-209',
    'https://istio.io/latest/docs/ambient/usage/l4-policy/',
  ],
}
