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
  why: `A client uses the waypoint of a Service only if the client is in ambient mode and calls the address of the Service. By default, these clients bypass the waypoint:

- clients that call pod IPs, also through a headless Service
- sidecars and ingress gateways
- plaintext clients

ztunnel allows these clients, unless a policy at ztunnel allows only the waypoint. If a second ALLOW policy for the same pods allows other clients, this is not enough: ztunnel allows a connection if one ALLOW policy matches.

A RequestAuthentication with \`presence: REQUIRED\` (since 1.32) is bypassed in the same way: these clients need no token.`,
  bad: `# Nothing at ztunnel requires the waypoint of this policy.
${ALLOW_GET}---
${SHOP}`,
  good: `${ALLOW_GET}---
# Only traffic from the waypoint is allowed at ztunnel.
${COMPANION}---
${SHOP}`,
  fix: `Add an ALLOW policy with a \`selector\` that allows only the service account of the waypoint. If some clients must call the pods directly, add their service accounts too. STRICT mutual TLS is not enough: it denies plaintext, but it allows all clients of the mesh.

If the target is a ServiceEntry, no policy can require the waypoint: block direct access to the IP address in another way, for example in a firewall.`,
  references: [
    'istio/ztunnel src/proxy/outbound.rs:589-783',
    'istio/ztunnel src/proxy/inbound_passthrough.rs:125-248',
    'istio/istio pilot/pkg/xds/endpoints/endpoint_builder.go:841-852',
    'istio/istio tests/integration/ambient/baseline_test.go:1486-1530',
  ],
}
