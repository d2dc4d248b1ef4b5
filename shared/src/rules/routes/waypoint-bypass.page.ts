import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const ALLOW_GET = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
    - kind: Gateway
      group: gateway.networking.k8s.io
      name: waypoint
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

export const waypointBypassPage: RuleDocs = {
  summary:
    'A policy is enforced at a waypoint, and its pods can be reached without passing the waypoint.',
  why: `Only ambient clients that call a Service by its address are sent through its waypoint. Clients that dial a pod's address (also through a headless Service), sidecars, ingress gateways and plaintext clients go to the pods directly, and nothing at the destination demands the waypoint unless a policy says so. A second ALLOW policy on the same pods undoes such a policy, because ALLOW policies add up.`,
  bad: `${SHOP}---
${ALLOW_GET}`,
  good: `${SHOP}---
${ALLOW_GET}---
${COMPANION}`,
  fix: "Add an ALLOW policy without `targetRefs` that admits nothing but the waypoint's service account, and direct clients that must stay. STRICT mutual TLS keeps out plaintext, not clients of the mesh. For a ServiceEntry there is no such policy: keep the raw address unreachable by other means.",
  references: [
    'istio/ztunnel src/proxy/outbound.rs:589-783',
    'istio/ztunnel src/proxy/inbound_passthrough.rs:125-248',
    'istio/istio pilot/pkg/xds/endpoints/endpoint_builder.go:841-852',
    'istio/istio tests/integration/ambient/baseline_test.go:1486-1530',
  ],
}
