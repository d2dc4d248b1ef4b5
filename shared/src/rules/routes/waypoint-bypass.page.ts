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
  summary: 'Clients can bypass the waypoint at which this policy is enforced.',
  why: `Only ambient clients that call the Service's address use its waypoint. These clients go directly to the pods:

- clients that call pod IPs, also through a headless Service
- sidecars and ingress gateways
- plaintext clients

ztunnel does not require the waypoint unless a policy does. A second ALLOW policy on the same pods also opens direct access, because ALLOW policies add up.`,
  bad: `# Nothing at ztunnel requires the waypoint of this policy.
${ALLOW_GET}---
${SHOP}`,
  good: `${ALLOW_GET}---
# Only traffic from the waypoint is allowed at ztunnel.
${COMPANION}---
${SHOP}`,
  fix: "Add an ALLOW policy without `targetRefs` that allows only the waypoint's service account, and direct clients that are intended. STRICT mutual TLS denies plaintext, but not clients of the mesh. For a ServiceEntry no such policy exists: make the IP address unreachable by other means.",
  references: [
    'istio/ztunnel src/proxy/outbound.rs:589-783',
    'istio/ztunnel src/proxy/inbound_passthrough.rs:125-248',
    'istio/istio pilot/pkg/xds/endpoints/endpoint_builder.go:841-852',
    'istio/istio tests/integration/ambient/baseline_test.go:1486-1530',
  ],
}
