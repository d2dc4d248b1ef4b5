import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, denyDelete, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

export const l7DenyRuleNoEffectPage: RuleDocs = {
  summary: 'ztunnel ignores the HTTP attributes of a DENY rule, and the rule denies nothing.',
  why: `ztunnel evaluates connections and does not see HTTP requests. istiod removes the attributes that ztunnel does not support from a DENY rule and sends the rest. At ztunnel an entry of \`from\` or \`to\`, or a condition of \`when\`, that is empty afterwards matches nothing. All parts of a rule must match, so **the whole rule matches nothing**: \`principals: [x]\` with \`methods: [DELETE]\` does not deny \`x\`, it denies nothing.

The traffic is allowed, while the policy's status has \`ZtunnelAccepted: True\` (reason \`UnsupportedValue\`).`,
  bad: `${AMBIENT_SHOP}${denyDelete('pods')}`,
  good: `${SHOP_BEHIND_WAYPOINT}${denyDelete('waypoint')}`,
  fix: 'Enforce the policy at a waypoint: use `targetRefs` instead of `selector`. Also allow only traffic from the waypoint at ztunnel, so that no client can bypass the waypoint.',
  versions:
    'Since 1.32 the status message says that the policy has no enforceable rules; the effect is the same in all releases.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (handleRule, hasEffectiveRules)',
    'istio/ztunnel src/rbac.rs (Authorization::matches)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
