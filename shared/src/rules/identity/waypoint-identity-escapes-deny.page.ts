import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP, STRICT } from '../support/examples.js'

const DENY_DEBUG = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-debug
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/debug"]
`

export const waypointIdentityEscapesDenyPage: RuleDocs = {
  summary:
    "A client that ztunnel should deny comes through the waypoint and is admitted under the waypoint's identity.",
  why: `Behind a waypoint the destination's ztunnel sees the waypoint's service account. A DENY policy that names a client matches no connection from the waypoint, so the denied client reaches the pods by the ordinary way, through the Service. It is stopped only where it dials a pod's address.`,
  bad: `${SHOP}---
${STRICT}---
${DENY_DEBUG}`,
  good: `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-debug-at-waypoint
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: DENY
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/debug"]
---
${DENY_DEBUG}---
${COMPANION}---
${STRICT}`,
  fix: 'Bind the DENY policy to the waypoint with `targetRefs`. Keep one at ztunnel, or a policy that admits only the waypoint, against clients that dial pods directly.',
  references: ['istio/ztunnel src/proxy/outbound.rs:597-644', 'istio/ztunnel src/rbac.rs:86-209'],
}
