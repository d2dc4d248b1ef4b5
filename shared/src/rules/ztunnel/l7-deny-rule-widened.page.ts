import type { RuleDocs } from '../rule.js'
import { AMBIENT_SHOP, denyDelete, SHOP_BEHIND_WAYPOINT } from '../support/examples.js'

export const l7DenyRuleWidenedPage: RuleDocs = {
  summary: 'A DENY rule loses its HTTP attributes at ztunnel and denies by what is left of it.',
  why: `ztunnel judges connections and sees no HTTP. From a DENY rule istiod erases what ztunnel cannot match and sends the rest. Where an entry keeps a layer-4 attribute, it denies by that alone: \`ports: ["8080"]\` with \`methods: ["DELETE"]\` denies **everything** on port 8080. An entry that keeps nothing stops nothing; its siblings in the same list go on.`,
  bad: `${AMBIENT_SHOP}${denyDelete('pods', '            ports: ["8080"]\n')}`,
  good: `${SHOP_BEHIND_WAYPOINT}${denyDelete('waypoint', '            ports: ["8080"]\n')}`,
  fix: 'Bind the policy to a waypoint with `targetRefs`; at the waypoint, `ports` are Service ports. Where other rules of the policy are for layer 4, split it.',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (handleRule)',
    'istio/ztunnel src/rbac.rs (Authorization::matches)',
    'https://istio.io/latest/docs/ambient/usage/l7-features/',
  ],
}
