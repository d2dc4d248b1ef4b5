import type { Mesh } from '../../mesh/mesh.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isEmptyLabels } from '../../resources/selector.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { matchesClients } from '../fixes/createWaypoint.js'
import { removeSelector } from './removeSelector.js'
import { defineRule } from '../rule.js'
import { coverageWithoutSelector } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'

export const emptySelector = defineRule({
  name: 'empty-selector',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (
      policy.attachments.length !== 1 ||
      isActionFilledIn(policy) ||
      !policy.selector ||
      !isEmptyLabels(policy.selector.matchLabels)
    )
      return
    const { authorization } = mesh.get(conversionOf, policy)
    if (!authorization || authorization.dryRun) return
    const coverage = coverageWithoutSelector(mesh, policy)
    if (!coverage) return
    report({
      message:
        'This policy is not enforced: an empty selector matches no workload in ambient mode. ' +
        'Its status still says Accepted.',
      path: ['spec', 'selector'],
      on: 'key',
      certainties: [coverage.certainty],
      related: coverage.evidence,
      fixes: () =>
        rankFixes(
          worksAtZtunnel(mesh, policy) ? removeSelector(policy) : undefined,
          bindToWaypoint(mesh, policy),
        ),
    })
  },
})

/**
 * Whether ztunnel would enforce the policy as written: it has no HTTP attributes and no trust
 * domains, and no client behind a waypoint.
 */
function worksAtZtunnel(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  if (
    mesh
      .get(conversionOf, policy)
      .rules.some((rule) => rule.unsupported.length > 0 || !rule.effective)
  )
    return false
  if (
    policy.rules.some(({ from }) =>
      (from ?? []).some(
        (source) => source?.trustDomains !== undefined || source?.notTrustDomains !== undefined,
      ),
    )
  )
    return false
  return (
    !matchesClients(policy) ||
    !mesh
      .inNamespace('Service', policy.namespace)
      .some((service) => mesh.get(waypointOfService, service).status === 'bound')
  )
}
