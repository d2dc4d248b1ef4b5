import type { Workload } from '../../inventory/workloads.js'
import { classQuery, query, type Mesh } from '../../mesh/mesh.js'
import { policyClassOf } from '../../mesh/selectorClasses.js'
import { servicesOfWorkload } from '../../mesh/services.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { conversionOf, writtenPoliciesAtZtunnel } from '../../ztunnel/enforcement.js'
import type { Fix } from '../fix.js'
import { bindToWaypoint } from '../fixes/bindToWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { removeHttpAttributes } from './removeHttpAttributes.js'
import { splitPolicy } from './splitPolicy.js'
import { defineRule } from '../rule.js'
import {
  coverageOf,
  eachWorkload,
  nameWorkloads,
  selectionCoverage,
  type SharedCoverage,
} from '../support/coverage.js'
import { NONE } from '../../text/collections.js'
import { isRuleFilledIn, isActionFilledIn } from '../support/filledIn.js'
import { firstThatFits, quoted } from '../support/words.js'

export const l7AllowRuleDropped = defineRule({
  name: 'l7-allow-rule-dropped',
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
    const conversion = mesh.get(conversionOf, policy)
    const dropped = conversion.rules.filter((rule) =>
      rule.unsupported.some(({ name }) => isSurelyHttp(name)),
    )
    if (
      policy.action !== 'ALLOW' ||
      isActionFilledIn(policy) ||
      dropped.length === 0 ||
      !conversion.authorization ||
      conversion.authorization.dryRun
    )
      return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    const denied = workloadsDenyingAll(mesh, policy, coverage)
    for (const rule of dropped) {
      const [first, ...others] = rule.unsupported.filter(({ name }) => isSurelyHttp(name))
      if (!first) continue
      report({
        message: messageOf(first.name, denied),
        path: first.path,
        on: 'key',
        certainties: [coverage.certainty],
        related: [
          ...coverage.evidence,
          ...others.map(({ name, path }) => ({
            resource: policy,
            path,
            message: `${quoted(name)} is also an HTTP attribute.`,
          })),
          ...eachWorkload(denied ?? [], 'every connection is denied.'),
        ],
        fixes: () =>
          withRemoval(
            rankFixes(
              bindToWaypoint(mesh, policy, { companion: true }),
              splitPolicy(mesh, policy),
              bindToWaypoint(mesh, policy),
            ),
            isBehindWaypoint(mesh, coverage) ? undefined : removeHttpAttributes(policy, rule),
          ),
        tag: 'unnecessary',
      })
    }
  },
})

/** Removing the attribute opens more than the policy says: it is not offered alone. */
function withRemoval(fixes: readonly Fix[], removal: Fix | undefined): readonly Fix[] {
  return removal && fixes.length > 0 ? [...fixes, removal] : fixes
}

/** Whether ztunnel sees the identity of a waypoint at one of the workloads. */
function isBehindWaypoint(mesh: Mesh, { key }: SharedCoverage): boolean {
  return mesh.get(coversBoundWorkload, key)
}

const coversBoundWorkload = query('covers bound workload', (mesh, key: string): boolean =>
  (mesh.get(selectionCoverage, key)?.workloads ?? NONE).some((workload) =>
    mesh
      .get(servicesOfWorkload, workload)
      .some((service) => mesh.get(waypointOfService, service).status === 'bound'),
  ),
)

/** False for a `when` key that another tool fills in and that may be a layer 4 key. */
function isSurelyHttp(name: string): boolean {
  return !isPlaceholder(name) || /^(request|remote|connection|experimental)\./.test(name)
}

function messageOf(attribute: string, denied: readonly Workload[] | undefined): string {
  const name = `the HTTP attribute ${quoted(attribute)}`
  if (!denied) return `This ALLOW rule allows nothing: ztunnel drops it because of ${name}.`
  const dropped = 'ztunnel drops this ALLOW rule because of'
  return firstThatFits(
    `Every connection to ${nameWorkloads(denied)} is denied: ${dropped} ${name}.`,
    `Every connection to ${nameWorkloads(denied)} is denied: ${dropped} ${quoted(attribute)}.`,
    `Every connection is denied: ${dropped} ${name}.`,
  )
}

/**
 * The covered workloads at which no ALLOW rule is left, so that every connection is denied.
 * Undefined if there is no such workload; empty for workloads that the files do not show.
 */
function workloadsDenyingAll(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { workloads, key }: SharedCoverage,
): readonly Workload[] | undefined {
  if (
    mesh.hasOpaque('AuthorizationPolicy') ||
    mesh.settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY')
  )
    return undefined
  if (mayAllowTraffic(mesh, policy)) return undefined
  if (workloads.length === 0)
    return mesh
      .inNamespace('AuthorizationPolicy', policy.namespace)
      .some((other) => mayAllowSameWorkloads(mesh, policy, other))
      ? undefined
      : []
  const denied = mesh.get(coveredWithoutTraffic, key)
  return denied.length > 0 ? denied : undefined
}

/** The covered workloads at which no ALLOW rule allows traffic. */
const coveredWithoutTraffic = query(
  'covered without traffic',
  (mesh, key: string): readonly Workload[] =>
    (mesh.get(selectionCoverage, key)?.workloads ?? NONE).filter(
      (workload) => !mesh.get(mayReceiveTraffic, workload),
    ),
)

/** Whether some ALLOW rule at a workload allows traffic. */
const mayReceiveTraffic = classQuery(
  'may receive traffic',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): boolean =>
    mesh
      .get(writtenPoliciesAtZtunnel.ofClass, key)
      .some(({ policy }) => policy !== undefined && mayAllowTraffic(mesh, policy)),
)

/**
 * Whether a policy is an ALLOW with a rule that ztunnel enforces, or may have one after another
 * tool fills in its values.
 */
function mayAllowTraffic(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  if (isActionFilledIn(policy)) return true
  const { authorization, rules } = mesh.get(conversionOf, policy)
  return (
    authorization?.action === 'Allow' &&
    !authorization.dryRun &&
    rules.some(({ effective, index }) => effective || isRuleFilledIn(policy, index))
  )
}

/** Whether another policy may allow traffic to a workload of this one. */
function mayAllowSameWorkloads(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  other: AuthorizationPolicy,
): boolean {
  if (other.name === policy.name || !mayAllowTraffic(mesh, other)) return false
  const [own, its] = [policy.selector?.matchLabels, other.selector?.matchLabels]
  return isEmptyLabels(own) || isEmptyLabels(its) || matchesLabels(sharedKeys(its, own), own)
}

function sharedKeys(
  labels: Readonly<Record<string, string>> | undefined,
  keys: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels ?? {}).filter(([key]) => keys?.[key] !== undefined),
  )
}
