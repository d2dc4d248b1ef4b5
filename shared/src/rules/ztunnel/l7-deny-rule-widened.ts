import { conversionOf } from '../../ztunnel/enforcement.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { splitPolicy } from './splitPolicy.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { coverageOf } from '../support/coverage.js'
import { describeRule } from './describeRule.js'
import { isRuleFilledIn, isActionFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'

export const l7DenyRuleWidened = defineRule({
  name: 'l7-deny-rule-widened',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'GRPCRoute',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'HTTPRoute',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'TCPRoute',
    'TLSRoute',
    'VirtualService',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (policy.action !== 'DENY' || isActionFilledIn(policy)) return
    const conversion = mesh.get(conversionOf, policy)
    const widened = conversion.rules.filter(
      (rule) =>
        rule.unsupported.length > 0 && rule.effective && !isRuleFilledIn(policy, rule.index),
    )
    if (widened.length === 0 || !conversion.authorization || conversion.authorization.dryRun) return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    const fixes = (): Fix[] =>
      rankFixes(
        splitPolicy(mesh, policy),
        bindToWaypoint(mesh, policy, { companion: true }),
        bindToWaypoint(mesh, policy),
      )
    for (const { unsupported, rule = [] } of widened) {
      const [first, ...others] = unsupported
      if (!first) continue
      const name = quoted(first.name)
      const denied = `This rule denies ${describeRule(rule)}`
      report({
        message: firstThatFits(
          `${denied}: ztunnel ignores the HTTP attribute ${name}.`,
          `${denied}: ztunnel ignores ${name}.`,
          `This rule denies every connection that its other attributes match: ztunnel ignores ${name}.`,
        ),
        path: first.path,
        on: 'key',
        certainties: [coverage.certainty],
        related: [
          ...coverage.evidence,
          ...others.map(({ name, path }) => ({
            resource: policy,
            path,
            message: `ztunnel also ignores ${quoted(name)}.`,
          })),
        ],
        fixes,
      })
    }
  },
})
