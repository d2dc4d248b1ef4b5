import type { Workload } from '../../inventory/workloads.js'
import type { KnownCertainty } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { NetworkPolicy, NetworkPolicyRule } from '../../resources/networkPolicy.js'
import type { Edit, Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import {
  admitsEverybody,
  admitsHbone,
  capturedPodsOf,
  ENFORCED,
  HBONE_PORT,
  knowsNetworkPolicies,
  listsTcpPorts,
  meshPeers,
  restrictingOf,
  rulesOf,
  type Direction,
} from './networkPolicies.js'
import { firstThatFits } from '../support/words.js'

export const networkPolicyBlocksHbone = defineRule({
  name: 'network-policy-blocks-hbone',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'NetworkPolicy',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (!mesh.get(knowsNetworkPolicies, policy.namespace)) return
    for (const direction of ['Ingress', 'Egress'] as const) {
      if (!policy.policyTypes.includes(direction)) continue
      const blocked = mesh
        .get(capturedPodsOf, policy)
        .filter(
          ({ workload }) =>
            !mesh
              .get(restrictingOf, workload)
              [direction].some((other) =>
                rulesOf(other, direction).some((rule) => admitsHbone(rule, workload)),
              ),
        )
      const rules = blocked.length > 0 ? meantForTheMesh(mesh, policy, direction) : []
      const [first] = rules
      if (!first) continue
      const workloads = blocked.map(({ workload }) => workload)
      report({
        message: messageOf(direction, workloads),
        path: ['spec', direction.toLowerCase(), first.index, 'ports'],
        on: 'key',
        certainties: [
          ENFORCED,
          ...first.certainties,
          ...bestOf(blocked.map(({ certainty }) => certainty)),
        ],
        related: eachWorkload(workloads, 'the traffic of the mesh is cut off.'),
        fixes: () => rankFixes(addPort(policy, direction, rules)),
      })
    }
  },
})

interface MeantRule {
  readonly index: number
  readonly certainties: readonly KnownCertainty[]
}

/** The rules that list ports for clients, or servers, of the mesh. Of egress to anywhere it is not known whether the mesh is meant. */
function meantForTheMesh(mesh: Mesh, policy: NetworkPolicy, direction: Direction): MeantRule[] {
  return rulesOf(policy, direction).flatMap((rule, index): MeantRule[] => {
    if (!listsTcpPorts(rule) || (direction === 'Egress' && isForNames(rule))) return []
    if (admitsEverybody(rule)) return direction === 'Ingress' ? [{ index, certainties: [] }] : []
    const peers = meshPeers(mesh, policy, rule)
    return peers.kind === 'mesh' ? [{ index, certainties: [peers.certainty] }] : []
  })
}

const DNS_PORT = 53

/** Whether a rule only lets names be looked up, which goes past ztunnel's tunnel. */
function isForNames({ ports = [] }: NetworkPolicyRule): boolean {
  return ports.every(({ port }) => port === DNS_PORT || port === 'dns' || port === 'dns-tcp')
}

/** Certain where something certain is blocked, else what is assumed of the first. */
function bestOf(certainties: readonly KnownCertainty[]): KnownCertainty[] {
  return certainties.some(({ level }) => level === 'certain') ? [] : certainties.slice(0, 1)
}

function messageOf(direction: Direction, workloads: readonly Workload[]): string {
  const where = nameWorkloads(workloads)
  if (direction === 'Ingress')
    return firstThatFits(
      `Traffic of the mesh arrives at ${where} on TCP 15008, which no NetworkPolicy admits: it times out.`,
      'Traffic of the mesh arrives on TCP 15008, which no NetworkPolicy admits: it times out.',
    )
  const have = workloads.length === 1 ? 'connects' : 'connect'
  return firstThatFits(
    `${where.charAt(0).toUpperCase()}${where.slice(1)} ${have} to pods of the mesh on TCP 15008, which no NetworkPolicy lets out: it times out.`,
    'Captured clients connect to TCP 15008, which no NetworkPolicy lets out: it times out.',
  )
}

function addPort(policy: NetworkPolicy, direction: Direction, rules: readonly MeantRule[]): Fix {
  const edits = rules.map(({ index }): Edit => ({
    op: 'append',
    resource: policy,
    path: ['spec', direction.toLowerCase(), index, 'ports'],
    values: [{ protocol: 'TCP', port: HBONE_PORT }],
  }))
  return { title: 'Add TCP port 15008', preferred: true, safe: false, edits }
}
