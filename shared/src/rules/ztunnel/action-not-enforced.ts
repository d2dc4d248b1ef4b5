import { isEmptyLabels } from '../../resources/selector.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import {
  coverageOf,
  coverageWithoutSelector,
  eachWorkload,
  nameWorkloads,
} from '../support/coverage.js'

export const actionNotEnforced = defineRule({
  name: 'action-not-enforced',
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
    if (policy.action !== 'CUSTOM' && policy.action !== 'AUDIT') return
    // An empty selector selects nothing at ztunnel: without it the policy would not be enforced either.
    const coverage =
      policy.selector && isEmptyLabels(policy.selector.matchLabels)
        ? coverageWithoutSelector(mesh, policy)
        : mesh.get(coverageOf, policy)
    if (!coverage) return
    report({
      message:
        `This policy is not enforced at ${nameWorkloads(coverage.workloads)}: ` +
        `ztunnel does not support ${policy.action}.`,
      path: ['spec', 'action'],
      certainties: [coverage.certainty],
      related: [
        ...coverage.evidence,
        ...eachWorkload(coverage.workloads, 'the policy is not enforced here.'),
      ],
      fixes: () =>
        rankFixes(bindToWaypoint(mesh, policy), bindToWaypoint(mesh, policy, { companion: true })),
    })
  },
})
