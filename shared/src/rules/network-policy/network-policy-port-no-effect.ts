import type { WorkloadController } from '../../resources/workload.js'
import { compact, NONE, oncePerKey } from '../../text/collections.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { policyClassOf } from '../../mesh/selectorClasses.js'
import type { NetworkPolicy, NetworkPolicyRule } from '../../resources/networkPolicy.js'
import { unnamedIdentityIn } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { portPolicy } from './portPolicy.js'
import { defineRule } from '../rule.js'
import { nameWorkloads } from '../support/coverage.js'
import { meshPeers } from './meshPeers.js'
import {
  ASSUME_ENFORCED,
  podClassOf,
  knowsNetworkPolicies,
  restrictingPoliciesOf,
  podSelection,
  type CapturedPod,
  capturedPods,
} from './networkPolicies.js'
import { allowsAllPeers, allowsPort } from './ruleMatching.js'
import { firstThatFits, quoted } from '../support/words.js'
import { hasUnreadablePolicy, ztunnelPoliciesOf } from '../support/waypointVerdicts.js'
import { HBONE_PORT } from '../../vocabulary/ports.js'

export const networkPolicyPortNoEffect = defineRule({
  name: 'network-policy-port-no-effect',
  level: 'warning',
  subjects: ['NetworkPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'MeshConfig',
    'Namespace',
    'NetworkPolicy',
    'OtherNetworkPolicy',
    'PeerAuthentication',
    'Service',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (
      !policy.policyTypes.includes('Ingress') ||
      !mesh.get(knowsNetworkPolicies, policy.namespace) ||
      mesh.hasOpaque('AuthorizationPolicy')
    )
      return
    const selection = podSelection(mesh, policy)
    const pods = selection === undefined ? NONE : mesh.get(openPods, selection)
    for (const [index, rule] of policy.ingress.entries()) {
      const peers = listsHboneAndOtherPorts(rule)
        ? allowsAllPeers(rule)
          ? []
          : certaintyOfPeers(mesh, policy, rule)
        : undefined
      const open = peers
        ? pods
            .filter(({ workload }) => listsPortOf(rule, workload))
            .flatMap(({ ports, ...pod }) => ports.map((port) => ({ ...pod, port })))
        : []
      const [first] = open
      if (!peers || !first) continue
      const ports = [...new Set(open.map(({ port }) => port))]
      const workloads = [...new Set(open.map(({ workload }) => workload))]
      const which =
        ports.length === 1
          ? `port ${String(ports[0])}`
          : `ports ${ports.slice(0, 3).join(', ')}${ports.length > 3 ? ', …' : ''}`
      report({
        message: firstThatFits(
          `These ports restrict only plaintext: mesh clients also reach ${which} of ` +
            `${nameWorkloads(workloads)} through TCP 15008.`,
          `These ports restrict only plaintext: mesh clients also reach ${which} through TCP 15008.`,
        ),
        path: ['spec', 'ingress', index, 'ports'],
        on: 'key',
        certainties: [ASSUME_ENFORCED, ...peers, first.certainty],
        related: workloads.slice(0, 3).map((workload) => ({
          resource: workload,
          path: ['metadata', 'name'],
          message: `Workload ${quoted(workload.name)} listens on ${which}.`,
        })),
        fixes: () => rankFixes(portPolicy(mesh, policy)),
      })
    }
  },
})

/** Whether a rule lists the HBONE port and a port of the application. */
function listsHboneAndOtherPorts({ ports = [] }: NetworkPolicyRule): boolean {
  const listed = ports.filter(({ protocol }) => protocol === 'TCP')
  return (
    listed.some(({ port, endPort }) => port === HBONE_PORT && endPort === undefined) &&
    listed.some(({ port }) => port !== undefined && port !== HBONE_PORT)
  )
}

/**
 * Whether the peers of a rule are certainly in the mesh or by an assumption; undefined where they are not, or
 * unknown.
 */
function certaintyOfPeers(mesh: Mesh, policy: NetworkPolicy, rule: NetworkPolicyRule) {
  const peers = meshPeers(mesh, policy, rule)
  return peers.kind === 'mesh' ? [peers.certainty] : undefined
}

/** A pod with ports that no NetworkPolicy allows, but ztunnel allows for any identity. */
interface OpenPod extends CapturedPod {
  readonly ports: readonly number[]
}

/** The pods of a selection with ports that only mesh clients reach. */
const openPods = query('pods with open ports', (mesh, selection: string): readonly OpenPod[] => {
  const pods = mesh.get(capturedPods, selection)
  // Policies that istiod generates for waypoints differ between the workloads of a class.
  const isShared = !mesh.settings.flag('PILOT_AUTO_ALLOW_WAYPOINT_POLICY')
  const ofClass = oncePerKey(
    (workload: WorkloadController) =>
      `${mesh.get(policyClassOf, workload)}\n${mesh.get(podClassOf, workload)}`,
    (workload) => mesh.get(portsForMesh, workload),
  )
  const portsOf = (workload: WorkloadController): readonly number[] =>
    isShared ? ofClass(workload) : mesh.get(portsForMesh, workload)
  return compact(
    pods
      .map((pod) => ({ ...pod, ports: portsOf(pod.workload) }))
      .filter(({ ports }) => ports.length > 0),
  )
})

/** Whether a rule allows a port that a workload declares. */
function listsPortOf(rule: NetworkPolicyRule, workload: WorkloadController): boolean {
  return workload.template.ports.some(({ containerPort }) =>
    allowsPort(rule, containerPort, workload),
  )
}

const portsForMesh = query('ports for the mesh', (mesh, workload: WorkloadController) => {
  if (mesh.get(hasUnreadablePolicy, workload)) return NONE
  const rules = mesh.get(restrictingPoliciesOf, workload).Ingress.flatMap(({ ingress }) => ingress)
  const closed = workload.template.ports.filter(
    ({ protocol, containerPort }) =>
      protocol === 'TCP' && !rules.some((other) => allowsPort(other, containerPort, workload)),
  )
  if (closed.length === 0) return NONE
  const anyIdentity = unnamedIdentityIn(mesh.settings.trustDomain)
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  return closed
    .map(({ containerPort }) => containerPort)
    .filter((port) => probe(policies, { identity: anyIdentity, port }) === 'allow')
})
