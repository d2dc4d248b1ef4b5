import { conversionOf } from '../ztunnel/enforcement.js'
import { bindToWaypoint } from './fixes/bindToWaypoint.js'
import { choices } from './fixes/choices.js'
import type { Fix } from './fix.js'
import { defineRule } from './rule.js'
import { coverageOf, eachWorkload, nameWorkloads } from './support/coverage.js'
import { AMBIENT_SHOP, denyDelete, SHOP_BEHIND_WAYPOINT } from './support/examples.js'
import { isRuleFilledIn, isUndecided } from './support/filledIn.js'
import { fitting, quoted } from './support/words.js'

export const l7DenyRuleNoEffect = defineRule({
  name: 'l7-deny-rule-no-effect',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'GatewayClass', 'MeshConfig', 'Namespace', 'Other', 'Service', 'ServiceEntry', 'Workload', 'opaque'],
  docs: {
    summary: 'A DENY rule is left with nothing to match at ztunnel, so it stops nothing.',
    why: `ztunnel judges connections and sees no HTTP. From a DENY rule istiod erases what ztunnel cannot match and sends the rest. An entry of \`from\` or \`to\`, or a condition of \`when\`, that is left empty matches nothing at ztunnel — and since all clauses of a rule must match, **the whole rule matches nothing**: \`principals: [x]\` with \`methods: [DELETE]\` does not deny \`x\`, it denies nobody. The traffic that it should stop is let through, while the policy's status says \`Accepted: True\`.`,
    bad: `${AMBIENT_SHOP}${denyDelete('pods')}`,
    good: `${SHOP_BEHIND_WAYPOINT}${denyDelete('waypoint')}`,
    fix: 'Bind the policy to a waypoint with `targetRefs`, and admit only the waypoint at ztunnel, so that nobody passes beside it.',
    versions: 'Since 1.32 the status message says that the policy has no enforceable rules; the effect is the same in all releases.',
    references: [
      'istio/istio pilot/pkg/serviceregistry/ambient/authorization.go (handleRule, hasEffectiveRules)',
      'istio/ztunnel src/rbac.rs (Authorization::matches)',
      'https://istio.io/latest/docs/ambient/usage/l7-features/',
    ],
  },
  check(policy, { mesh, report }) {
    if (policy.action !== 'DENY' || isUndecided(policy)) return
    const conversion = mesh.get(conversionOf, policy)
    const dead = conversion.rules.filter((rule) => rule.unsupported.length > 0 && !rule.effective && !isRuleFilledIn(policy, rule.index))
    if (dead.length === 0 || !conversion.authorization || conversion.authorization.dryRun) return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    const fixes = (): Fix[] => choices(bindToWaypoint(mesh, policy), bindToWaypoint(mesh, policy, { companion: true }))
    for (const { unsupported } of dead) {
      const [first, ...others] = unsupported
      if (!first) continue
      report({
        message: fitting(
          `ztunnel cannot match ${quoted(first.name)}: this DENY rule matches nothing, so what it should stop at ${nameWorkloads(coverage.workloads)} is let through.`,
          `ztunnel cannot match ${quoted(first.name)}: this DENY rule matches nothing and lets through what it should stop.`,
        ),
        path: first.path,
        on: 'key',
        certainties: [coverage.certainty],
        related: [
          ...coverage.evidence,
          ...others.map(({ name, path }) => ({ resource: policy, path, message: `ztunnel cannot match ${quoted(name)} either.` })),
          ...eachWorkload(coverage.workloads, 'the rule stops nothing here.'),
        ],
        fixes,
        tag: 'unnecessary',
      })
    }
  },
})
