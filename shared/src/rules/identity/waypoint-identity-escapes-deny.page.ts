import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP, STRICT } from '../support/examples.js'

const denyDebug = (mark = ''): string => `apiVersion: security.istio.io/v1
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
            serviceAccounts: ["shop/debug"]${mark}
`

export const waypointIdentityEscapesDenyPage: RuleDocs = {
  summary: "A client can bypass a DENY through the waypoint: ztunnel sees the waypoint's identity.",
  why: `Behind a waypoint the destination's ztunnel sees the service account of the waypoint. A DENY policy that names a client does not match a connection from the waypoint, so the client reaches the pods through the Service. ztunnel denies the client only if it connects to a pod address directly.`,
  bad: `${SHOP}---
${STRICT}---
${denyDebug(' # ← does not match the waypoint')}`,
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
${denyDebug()}---
${COMPANION}---
${STRICT}`,
  fix: 'Add a DENY policy with `targetRefs` at the waypoint. For clients that connect to the pods directly, keep the policy at ztunnel or allow only traffic from the waypoint there.',
  references: ['istio/ztunnel src/proxy/outbound.rs:597-644', 'istio/ztunnel src/rbac.rs:86-209'],
}
