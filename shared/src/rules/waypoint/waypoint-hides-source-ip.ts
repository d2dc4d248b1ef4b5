import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { parseCidr } from '../../text/ip.js'
import type { AuthorizationRule } from '../../ztunnel/authorization.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import { probe } from '../../ztunnel/probe.js'
import { defineRule } from '../rule.js'
import { coverageOf, nameWorkloads } from '../support/coverage.js'
import { isRuleFilledIn, isActionFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { firstThatFits } from '../support/words.js'
import { groupByWaypoint, type Hit } from '../support/hits.js'
import { shownName } from '../support/resourceNames.js'
import { waypointIdentities } from '../support/waypointVerdicts.js'
import { waypointPaths } from '../support/waypointPaths.js'

export const waypointHidesSourceIp = defineRule({
  name: 'waypoint-hides-source-ip',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const addresses = mesh
      .perQuery(attributesOf, policy)
      .filter(
        ({ attribute, values }) => attribute === 'sourceIp' && !values.every(matchesEveryAddress),
      )
    if (addresses.length === 0 || isActionFilledIn(policy)) return
    const hits = (mesh.get(coverageOf, policy)?.workloads ?? []).flatMap((workload) =>
      hitsOn(mesh, policy, { workload, addresses }),
    )
    for (const group of groupByWaypoint(hits)) {
      for (const index of group.rules) {
        const [first] = addresses.filter(({ rule }) => rule === index)
        if (!first) continue
        const where = nameWorkloads(group.workloads)
        const compared = `"${first.name}" compares the waypoint's address, not the client's,`
        report({
          message: firstThatFits(
            `${compared} for traffic through "${shownName(group.gateway)}" to ${where}.`,
            `${compared} for traffic to ${where}.`,
          ),
          path: first.path,
          on: first.on,
          certainties: group.certainties,
          related: group.evidence,
        })
      }
    }
  },
})

/** Whether a block contains every address. */
function matchesEveryAddress(block: string): boolean {
  return parseCidr(block)?.length === 0
}

interface Subject {
  readonly workload: Workload
  readonly addresses: readonly RuleAttribute[]
}

/** The rules whose only open condition on a waypoint of the workload is its address. */
function hitsOn(mesh: Mesh, policy: AuthorizationPolicy, { workload, addresses }: Subject): Hit[] {
  const { authorization, rules } = mesh.get(conversionOf, policy)
  if (!authorization) return []
  return mesh.get(waypointPaths, workload).flatMap((path) =>
    rules.flatMap(({ index, rule }): Hit[] => {
      if (
        !rule ||
        isRuleFilledIn(policy, index) ||
        !addresses.some((attribute) => attribute.rule === index)
      )
        return []
      const policyOfRule = allowPolicyOf(rule)
      const identities = waypointIdentities(mesh, path, [policyOfRule])
      const ports = path.ports.filter((port) =>
        identities.some((identity) => probe([policyOfRule], { identity, port }) === 'unknown'),
      )
      return ports.map((port) => ({ workload, path, port, rule: index, certainties: [] }))
    }),
  )
}

/** An ALLOW policy with one rule. */
function allowPolicyOf(rule: AuthorizationRule) {
  return {
    name: '',
    namespace: '',
    scope: 'WorkloadSelector',
    action: 'Allow',
    dryRun: false,
    rules: [rule],
  } as const
}
