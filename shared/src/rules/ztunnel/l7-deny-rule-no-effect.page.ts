import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, denyDelete, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

export const l7DenyRuleNoEffectPage: RuleDocs = {
  summary: 'A DENY rule is left with nothing to match at ztunnel, so it stops nothing.',
  why: `ztunnel judges connections and sees no HTTP. From a DENY rule istiod erases what ztunnel cannot match and sends the rest. An entry of \`from\` or \`to\`, or a condition of \`when\`, that is left empty matches nothing at ztunnel — and since all clauses of a rule must match, **the whole rule matches nothing**: \`principals: [x]\` with \`methods: [DELETE]\` does not deny \`x\`, it denies nobody. The traffic that it should stop is let through, while the policy's status says \`Accepted: True\`.`,
  bad: `${AMBIENT_SHOP}${denyDelete('pods')}`,
  good: `${SHOP_BEHIND_WAYPOINT}${denyDelete('waypoint')}`,
  fix: 'Bind the policy to a waypoint with `targetRefs`, and admit only the waypoint at ztunnel, so that nobody passes beside it.',
  versions:
    'Since 1.32 the status message says that the policy has no enforceable rules; the effect is the same in all releases.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (handleRule, hasEffectiveRules)',
    'istio/ztunnel src/rbac.rs (Authorization::matches)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
