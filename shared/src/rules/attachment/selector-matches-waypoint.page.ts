import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP } from '../support/examples.js'

const allowGet = (attachment: string): string => `${SHOP}---
${COMPANION}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
${attachment}  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

export const selectorMatchesWaypointPage: RuleDocs = {
  summary: 'A policy selects the pods of a waypoint, but waypoints require `targetRefs`.',
  why: 'A waypoint enforces only policies that target it, its class, or a Service that it serves. It ignores a `selector` (other gateways do not), and by default the pods of a waypoint are not captured by ztunnel. The policy is not enforced, although its status has `ZtunnelAccepted: True`.',
  bad: allowGet(
    '  selector: # ← ignored by waypoints\n    matchLabels:\n      gateway.networking.k8s.io/gateway-name: waypoint\n',
  ),
  good: allowGet(
    '  targetRefs:\n    - kind: Gateway\n      group: gateway.networking.k8s.io\n      name: waypoint\n',
  ),
  fix: 'Target the Gateway with `targetRefs` instead of selecting its pods.',
  references: [
    'istio/istio pilot/pkg/model/policyattachment.go:139-146',
    'istio/istio pilot/pkg/features/pilot.go (ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY)',
  ],
}
