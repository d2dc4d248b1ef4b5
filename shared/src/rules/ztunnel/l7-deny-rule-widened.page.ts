import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, denyDelete, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

export const l7DenyRuleWidenedPage: RuleDocs = {
  summary: 'ztunnel ignores the HTTP attributes of a DENY rule and denies more than intended.',
  why: `ztunnel evaluates connections and does not see HTTP requests. istiod removes the attributes that ztunnel does not support from a DENY rule and sends the rest. An entry that still has a layer 4 attribute then matches more: \`ports: ["8080"]\` with \`methods: ["DELETE"]\` denies **everything** on port 8080. An entry without any other attribute matches nothing; the other entries of the same list keep their effect. The policy's status has \`ZtunnelAccepted: True\` (reason \`UnsupportedValue\`).`,
  bad: `${AMBIENT_SHOP}${denyDelete('pods', '            ports: ["8080"]\n')}`,
  good: `${SHOP_BEHIND_WAYPOINT}${denyDelete('waypoint', '            ports: ["8080"]\n')}`,
  fix: 'Enforce the policy at a waypoint: use `targetRefs` instead of `selector`. At the waypoint, `ports` are Service ports. Keep at ztunnel what the policy denies there, in a policy of its own, or allow only traffic from the waypoint. Else clients that bypass the waypoint are no longer denied.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (handleRule)',
    'istio/ztunnel src/rbac.rs (Authorization::matches)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
