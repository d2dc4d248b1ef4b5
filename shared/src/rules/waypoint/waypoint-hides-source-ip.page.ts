import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

const DENY_OFFICE = `apiVersion: security.istio.io/v1
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
            ipBlocks: ["203.0.113.0/24"]
`

export const waypointHidesSourceIpPage: RuleDocs = {
  summary:
    "A policy at ztunnel asks for the client's address, and the traffic comes through a waypoint, whose address it sees instead.",
  why: "What passes a waypoint is opened there and sent on in a new connection. The ztunnel of the pod sees the address of the waypoint's pod, whoever the client is: `ipBlocks` and `source.ip` look at that. They still hold for connections that do not pass the waypoint.",
  bad: `${SHOP_BEHIND_WAYPOINT}${DENY_OFFICE}`,
  good: `${AMBIENT_SHOP}${DENY_OFFICE}`,
  fix: 'Tell clients apart by identity, in a policy at the waypoint. Moving the address there does not help: a waypoint sees no client address at all.',
  references: [
    'istio/istio tests/integration/ambient/baseline_test.go',
    'istio/ztunnel src/rbac.rs:86-209',
  ],
}
