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
import { waypointIdentities } from '../support/waypointArrivals.js'
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
      .filter(({ attribute, values }) => attribute === 'sourceIp' && !values.every(isEverything))
    if (addresses.length === 0 || isActionFilledIn(policy)) return
    const hits = (mesh.get(coverageOf, policy)?.workloads ?? []).flatMap((workload) =>
      hitsOn(mesh, policy, { workload, addresses }),
    )
    for (const group of groupByWaypoint(hits)) {
      for (const index of group.rules) {
        const [first] = addresses.filter(({ rule }) => rule === index)
        if (!first) continue
        const where = nameWorkloads(group.workloads)
        report({
          message: firstThatFits(
            `"${first.name}" sees waypoint "${shownName(group.gateway)}" as the source of all that comes through it to ${where}, not its clients.`,
            `"${first.name}" sees the waypoint as the source of all that comes through it to ${where}, not its clients.`,
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

/** Whether a block has every address, the waypoint's too. */
function isEverything(block: string): boolean {
  return parseCidr(block)?.length === 0
}

interface Subject {
  readonly workload: Workload
  readonly addresses: readonly RuleAttribute[]
}

/** The rules that would judge a waypoint of a workload by its address: what else they ask for, it has. */
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
      const single = matching(rule)
      const identities = waypointIdentities(mesh, path, [single])
      const ports = path.ports.filter((port) =>
        identities.some((identity) => probe([single], { identity, port }) === 'unknown'),
      )
      return ports.map((port) => ({ workload, path, port, rule: index, certainties: [] }))
    }),
  )
}

/** A policy that admits what one rule matches. */
function matching(rule: AuthorizationRule) {
  return {
    name: '',
    namespace: '',
    scope: 'WorkloadSelector',
    action: 'Allow',
    dryRun: false,
    rules: [rule],
  } as const
}
