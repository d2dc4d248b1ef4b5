import { conversionOf } from '../ztunnel/enforcement.js'
import { bindToWaypoint } from './fixes/bindToWaypoint.js'
import { choices } from './fixes/choices.js'
import { splitPolicy } from './fixes/splitPolicy.js'
import type { Fix } from './fix.js'
import { defineRule } from './rule.js'
import { coverageOf } from './support/coverage.js'
import { describeRule } from './support/describeRule.js'
import { AMBIENT_SHOP, denyDelete, SHOP_BEHIND_WAYPOINT } from './support/examples.js'
import { isRuleFilledIn, isUndecided } from './support/filledIn.js'
import { fitting, quoted } from './support/words.js'

export const l7DenyRuleWidened = defineRule({
  name: 'l7-deny-rule-widened',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'GatewayClass', 'MeshConfig', 'Namespace', 'Other', 'Service', 'ServiceEntry', 'Workload', 'opaque'],
  docs: {
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
  },
  check(policy, { mesh, report }) {
    if (policy.action !== 'DENY' || isUndecided(policy)) return
    const conversion = mesh.get(conversionOf, policy)
    const widened = conversion.rules.filter((rule) => rule.unsupported.length > 0 && rule.effective && !isRuleFilledIn(policy, rule.index))
    if (widened.length === 0 || !conversion.authorization || conversion.authorization.dryRun) return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    const fixes = (): Fix[] => choices(bindToWaypoint(mesh, policy), bindToWaypoint(mesh, policy, { companion: true }), splitPolicy(mesh, policy))
    for (const { unsupported, rule = [] } of widened) {
      const [first, ...others] = unsupported
      if (!first) continue
      report({
        message: fitting(
          `ztunnel ignores the HTTP attribute ${quoted(first.name)} and denies ${describeRule(rule)}.`,
          `ztunnel ignores the HTTP attribute ${quoted(first.name)} and denies every connection that the rest of the rule matches.`,
        ),
        path: first.path,
        on: 'key',
        certainties: [coverage.certainty],
        related: [...coverage.evidence, ...others.map(({ name, path }) => ({ resource: policy, path, message: `ztunnel ignores ${quoted(name)} too.` }))],
        fixes,
      })
    }
  },
})
