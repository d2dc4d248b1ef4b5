import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const denyOffice = (mark = ''): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-office
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: DENY
  rules:
    - from:
        - source:
            ipBlocks: ["203.0.113.0/24"]${mark}
`

export const waypointHidesSourceIpPage: RuleDocs = {
  summary:
    "`ipBlocks` at ztunnel compares the waypoint's address, not the client's, for traffic through a waypoint.",
  why: "A waypoint ends the client's connection and opens its own connection to the pod. ztunnel then sees the address of the waypoint's pod for every client, and `ipBlocks` and `source.ip` compare this address. They still work for connections that bypass the waypoint.",
  bad: `${SHOP_BEHIND_WAYPOINT}${denyOffice(" # ← compares the waypoint's address")}`,
  good: `${AMBIENT_SHOP}${denyOffice()}`,
  fix: "Use identities in a policy at the waypoint. IP addresses do not work there either: a waypoint does not know the client's address.",
  references: [
    'istio/istio tests/integration/ambient/baseline_test.go',
    'istio/ztunnel src/rbac.rs:86-209',
  ],
}
