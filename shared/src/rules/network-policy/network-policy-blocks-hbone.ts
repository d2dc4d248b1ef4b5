import { NONE, oncePerKey } from '../../text/collections.js'
import type { Workload } from '../../inventory/workloads.js'
import type { KnownCertainty } from '../../mesh/certainty.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import type { NetworkPolicy, NetworkPolicyRule } from '../../resources/networkPolicy.js'
import type { WorkloadController } from '../../resources/workload.js'
import type { Edit, Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import { meshPeers } from './meshPeers.js'
import {
  ASSUME_ENFORCED,
  podClassOf,
  knowsNetworkPolicies,
  restrictingPoliciesOf,
  rulesOf,
  type Direction,
  podSelection,
  capturedPods,
} from './networkPolicies.js'
import { allowsAllPeers, allowsHbone, listsTcpPorts } from './ruleMatching.js'
import { firstThatFits } from '../support/words.js'
import { HBONE_PORT } from '../../vocabulary/ports.js'

export const networkPolicyBlocksHbone = defineRule({
  name: 'network-policy-blocks-hbone',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'MeshConfig',
    'Namespace',
    'NetworkPolicy',
    'Other',
    'OtherNetworkPolicy',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (!mesh.get(knowsNetworkPolicies, policy.namespace)) return
    for (const direction of ['Ingress', 'Egress'] as const) {
      if (!policy.policyTypes.includes(direction)) continue
      const selection = podSelection(mesh, policy)
      const blocked = selection === undefined ? NOT_BLOCKED : mesh.get(podsBlocked, selection)
      const { workloads, certainties } = blocked[direction]
      const rules = workloads.length > 0 ? rulesForMesh(mesh, policy, direction) : []
      const [first] = rules
      if (!first) continue
      report({
        message: messageOf(direction, workloads),
        path: ['spec', direction.toLowerCase(), first.index, 'ports'],
        on: 'key',
        certainties: [ASSUME_ENFORCED, ...first.certainties, ...certainties],
        related: eachWorkload(workloads, 'its mesh traffic times out.'),
        fixes: () => rankFixes(addPort(policy, direction, rules)),
      })
    }
  },
})

interface BlockedPods {
  readonly workloads: readonly Workload[]
  readonly certainties: readonly KnownCertainty[]
}

const NO_PODS: BlockedPods = { workloads: NONE, certainties: NONE }
const NOT_BLOCKED: Readonly<Record<Direction, BlockedPods>> = { Ingress: NO_PODS, Egress: NO_PODS }

/** The pods of a selection that no NetworkPolicy allows HBONE: one list for all policies of the selection. */
const podsBlocked = query(
  'pods without HBONE',
  (mesh, selection: string): Readonly<Record<Direction, BlockedPods>> => {
    const allowed = oncePerKey(
      (workload: WorkloadController) => mesh.get(podClassOf, workload),
      (workload) => mesh.get(hboneAllowed, workload),
    )
    const blockedIn = (direction: Direction): BlockedPods => {
      const pods = mesh
        .get(capturedPods, selection)
        .filter(({ workload }) => !allowed(workload)[direction])
      return {
        workloads: pods.map(({ workload }) => workload),
        certainties: assumptionUnlessCertain(pods.map(({ certainty }) => certainty)),
      }
    }
    return { Ingress: blockedIn('Ingress'), Egress: blockedIn('Egress') }
  },
)

/** For each direction, whether a NetworkPolicy of a pod allows HBONE. */
const hboneAllowed = query(
  'HBONE allowed',
  (mesh, workload: WorkloadController): Readonly<Record<Direction, boolean>> => {
    const policies = mesh.get(restrictingPoliciesOf, workload)
    const isAllowed = (direction: Direction): boolean =>
      policies[direction].some((other) =>
        rulesOf(other, direction).some((rule) => allowsHbone(rule, workload)),
      )
    return { Ingress: isAllowed('Ingress'), Egress: isAllowed('Egress') }
  },
)

interface MeshRule {
  readonly index: number
  readonly certainties: readonly KnownCertainty[]
}

/**
 * The rules that list ports for peers in the mesh. Egress to any peer is left out: it may be for other
 * destinations.
 */
function rulesForMesh(mesh: Mesh, policy: NetworkPolicy, direction: Direction): MeshRule[] {
  return rulesOf(policy, direction).flatMap((rule, index): MeshRule[] => {
    if (!listsTcpPorts(rule) || (direction === 'Egress' && isDnsOnly(rule))) return []
    if (allowsAllPeers(rule)) return direction === 'Ingress' ? [{ index, certainties: [] }] : []
    const peers = meshPeers(mesh, policy, rule)
    return peers.kind === 'mesh' ? [{ index, certainties: [peers.certainty] }] : []
  })
}

const DNS_PORT = 53

/** Whether a rule allows only DNS, which does not use HBONE. */
function isDnsOnly({ ports = [] }: NetworkPolicyRule): boolean {
  return ports.every(({ port }) => port === DNS_PORT || port === 'dns' || port === 'dns-tcp')
}

/** Empty where one pod is certainly captured, else the assumption about the first. */
function assumptionUnlessCertain(certainties: readonly KnownCertainty[]): KnownCertainty[] {
  return certainties.some(({ level }) => level === 'certain') ? [] : certainties.slice(0, 1)
}

function messageOf(direction: Direction, workloads: readonly Workload[]): string {
  const traffic = `Mesh traffic ${direction === 'Ingress' ? 'to' : 'from'}`
  const reason = 'no NetworkPolicy allows TCP 15008'
  return firstThatFits(
    `${traffic} ${nameWorkloads(workloads)} times out: ${reason}.`,
    `${traffic} these pods times out: ${reason}.`,
  )
}

function addPort(policy: NetworkPolicy, direction: Direction, rules: readonly MeshRule[]): Fix {
  const edits = rules.map(({ index }): Edit => ({
    op: 'append',
    resource: policy,
    path: ['spec', direction.toLowerCase(), index, 'ports'],
    values: [{ protocol: 'TCP', port: HBONE_PORT }],
  }))
  return { title: 'Allow TCP port 15008', preferred: true, safe: false, edits }
}
