import { conversionOf } from '../../ztunnel/enforcement.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { byPreference, rankFixes } from '../fixes/rankFixes.js'
import { splitPolicy } from './splitPolicy.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { coverageOf, eachWorkload, nameWorkloads } from '../support/coverage.js'
import { isRuleFilledIn, isActionFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'

export const l7DenyRuleNoEffect = defineRule({
  name: 'l7-deny-rule-no-effect',
  level: 'error',
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
    const withoutEffect = conversion.rules.filter(
      (rule) =>
        rule.unsupported.length > 0 && !rule.effective && !isRuleFilledIn(policy, rule.index),
    )
    if (withoutEffect.length === 0 || !conversion.authorization || conversion.authorization.dryRun)
      return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    const fixes = (): Fix[] =>
      rankFixes(
        splitPolicy(mesh, policy),
        ...byPreference(
          bindToWaypoint(mesh, policy),
          bindToWaypoint(mesh, policy, { companion: true }),
        ),
      )
    for (const { unsupported } of withoutEffect) {
      const [first, ...others] = unsupported
      if (!first) continue
      const reason = `ztunnel cannot match the HTTP attribute ${quoted(first.name)}.`
      report({
        message: firstThatFits(
          `This DENY rule denies nothing at ${nameWorkloads(coverage.workloads)}: ${reason}`,
          `This DENY rule denies nothing: ${reason}`,
        ),
        path: first.path,
        on: 'key',
        certainties: [coverage.certainty],
        related: [
          ...coverage.evidence,
          ...others.map(({ name, path }) => ({
            resource: policy,
            path,
            message: `ztunnel cannot match ${quoted(name)} either.`,
          })),
          ...eachWorkload(coverage.workloads, 'the rule denies nothing here.'),
        ],
        fixes,
        tag: 'unnecessary',
      })
    }
  },
})
