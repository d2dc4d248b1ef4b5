import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, denyDelete, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

export const l7DenyRuleNoEffectPage: RuleDocs = {
  summary: 'ztunnel ignores the HTTP attributes of a DENY rule, and the rule denies nothing.',
  why: `**The whole rule matches nothing.** ztunnel evaluates connections and does not see HTTP requests. istiod removes the HTTP attributes from a DENY rule and sends the rest to ztunnel. An entry of \`from\` or \`to\`, or a condition of \`when\`, that has only HTTP attributes is then empty. An empty entry matches nothing, and a rule matches only if \`from\`, \`to\` and \`when\` all match. Example: a rule with \`principals: [x]\` in \`from\` and \`methods: [DELETE]\` in \`to\` does not deny the client \`x\`. If an entry also has other attributes, the rule denies too much: see \`l7-deny-rule-widened\`.

The traffic is allowed, although the status of the policy is \`ZtunnelAccepted: True\` (reason \`UnsupportedValue\`).`,
  bad: `${AMBIENT_SHOP}${denyDelete('pods')}`,
  good: `${SHOP_BEHIND_WAYPOINT}${denyDelete('waypoint')}`,
  fix: 'Enforce the policy at a waypoint: use `targetRefs` instead of `selector`. Add a second policy that allows only traffic from the waypoint at ztunnel, so that clients cannot bypass the waypoint.',
  versions:
    'Since 1.32 the status message says that the policy has no enforceable rules; the effect is the same in all releases.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (handleRule, hasEffectiveRules)',
    'istio/ztunnel src/rbac.rs (Authorization::matches)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
