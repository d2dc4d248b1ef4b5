import type { WorkloadController } from '../../resources/workload.js'
import { compact, NONE, oncePerKey } from '../../text/collections.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { policyClassOf } from '../../mesh/selectorClasses.js'
import type { KnownCertainty } from '../../mesh/certainty.js'
import type { LabelSelector } from '../../resources/gateway.js'
import type { NetworkPolicy, NetworkPolicyRule } from '../../resources/networkPolicy.js'
import { unnamedIdentityIn } from '../../ztunnel/namedPeers.js'
import { probe } from '../../ztunnel/probe.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { portPolicy } from './portPolicy.js'
import { defineRule, type Report } from '../rule.js'
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
import { allowsAllPeers, allowsPort, listsHboneOnly, listsTcpPorts } from './ruleMatching.js'
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
    'Other',
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
    if (selection === undefined) return
    for (const index of policy.ingress.keys()) {
      const found =
        reportOfPorts(mesh, { policy, index, selection }) ??
        reportOfPeers(mesh, { policy, index, selection })
      if (found) report(found)
    }
  },
})

interface IngressRule {
  readonly policy: NetworkPolicy
  readonly index: number
  readonly selection: string
}

/** The report about ports that a rule does not list, and that mesh clients reach all the same. */
function reportOfPorts(mesh: Mesh, { policy, index, selection }: IngressRule): Report | undefined {
  const rule = policy.ingress[index]
  const certainties = rule && certaintiesOfHbone(mesh, policy, rule)
  if (!certainties) return undefined
  const open = mesh
    .get(openPods, selection)
    .filter(({ workload }) => listsPortOf(rule, workload))
    .flatMap(({ ports, ...pod }) => ports.map((port) => ({ ...pod, port })))
  return reportOf(mesh, policy, {
    open,
    certainties,
    path: ['spec', 'ingress', index, 'ports'],
    words: (which) => `These ports restrict only plaintext: mesh clients also reach ${which}`,
  })
}

/** The report about peers of a rule, where another rule allows TCP 15008 for every peer. */
function reportOfPeers(mesh: Mesh, { policy, index, selection }: IngressRule): Report | undefined {
  const rule = policy.ingress[index]
  if (!rule || !listsTcpPorts(rule) || allowsPort(rule, HBONE_PORT) || !hasNarrowPeers(rule))
    return undefined
  if (!policy.ingress.some((other) => listsHboneOnly(other) && allowsAllPeers(other)))
    return undefined
  const certainties = certaintyOfPeers(mesh, policy, rule)
  if (!certainties) return undefined
  const open = mesh
    .get(podsForAnyClient, selection)
    .flatMap(({ ports, ...pod }) =>
      ports
        .filter((port) => allowsPort(rule, port, pod.workload))
        .map((port) => ({ ...pod, port })),
    )
  return reportOf(mesh, policy, {
    open,
    certainties,
    path: ['spec', 'ingress', index, 'from'],
    words: (which) => `These peers restrict only plaintext: every mesh client reaches ${which}`,
  })
}

interface Open {
  readonly open: readonly (CapturedPod & { readonly port: number })[]
  readonly certainties: readonly KnownCertainty[]
  readonly path: Report['path']
  readonly words: (which: string) => string
}

function reportOf(
  mesh: Mesh,
  policy: NetworkPolicy,
  { open, certainties, path, words }: Open,
): Report | undefined {
  const [first] = open
  if (!first) return undefined
  const ports = [...new Set(open.map(({ port }) => port))]
  const workloads = [...new Set(open.map(({ workload }) => workload))]
  const which =
    ports.length === 1
      ? `port ${String(ports[0])}`
      : `ports ${ports.slice(0, 3).join(', ')}${ports.length > 3 ? ', …' : ''}`
  return {
    message: firstThatFits(
      `${words(`${which} of ${nameWorkloads(workloads)}`)} through TCP 15008.`,
      `${words(which)} through TCP 15008.`,
    ),
    path,
    on: 'key',
    certainties: [ASSUME_ENFORCED, ...certainties, first.certainty],
    related: workloads.slice(0, 3).map((workload) => ({
      resource: workload,
      path: ['metadata', 'name'],
      message: `Workload ${quoted(workload.name)} listens on ${which}.`,
    })),
    fixes: () => rankFixes(portPolicy(mesh, policy)),
  }
}

/** How it is known that mesh clients use HBONE where a rule lists other ports; undefined if they do not. */
function certaintiesOfHbone(
  mesh: Mesh,
  policy: NetworkPolicy,
  rule: NetworkPolicyRule,
): readonly KnownCertainty[] | undefined {
  if (listsHboneAndOtherPorts(rule))
    return allowsAllPeers(rule) ? [] : certaintyOfPeers(mesh, policy, rule)
  if (!listsTcpPorts(rule) || allowsPort(rule, HBONE_PORT)) return undefined
  const ofHbone = policy.ingress.filter(listsHboneOnly)
  if (ofHbone.some(allowsAllPeers)) return []
  return ofHbone
    .map((other) => certaintyOfPeers(mesh, policy, other))
    .find((each) => each !== undefined)
}

/** Whether a rule does not allow all pods of the cluster. */
function hasNarrowPeers({ peers = [] }: NetworkPolicyRule): boolean {
  const isWide = (selector: LabelSelector | undefined): boolean =>
    selector === undefined ||
    (Object.keys(selector.matchLabels ?? {}).length === 0 && selector.matchExpressions.length === 0)
  return (
    peers.length > 0 &&
    !peers.some(
      ({ podSelector, namespaceSelector, cidr }) =>
        cidr === undefined && namespaceSelector && isWide(namespaceSelector) && isWide(podSelector),
    )
  )
}

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

/** The pods of a selection with ports that every mesh client reaches, and that no NetworkPolicy allows for all peers. */
const podsForAnyClient = query('pods for any mesh client', (mesh, selection: string) =>
  compact(
    mesh
      .get(capturedPods, selection)
      .map((pod): OpenPod => ({ ...pod, ports: mesh.get(portsForAnyClient, pod.workload) }))
      .filter(({ ports }) => ports.length > 0),
  ),
)

const portsForAnyClient = query('ports for any mesh client', (mesh, workload: WorkloadController) =>
  openAtZtunnel(
    mesh,
    workload,
    (rule, port) => allowsAllPeers(rule) && allowsPort(rule, port, workload),
  ),
)

const portsForMesh = query('ports for the mesh', (mesh, workload: WorkloadController) =>
  openAtZtunnel(mesh, workload, (rule, port) => allowsPort(rule, port, workload)),
)

/** The TCP ports of a workload that ztunnel allows for any identity, except those that a rule of a NetworkPolicy opens. */
function openAtZtunnel(
  mesh: Mesh,
  workload: WorkloadController,
  opens: (rule: NetworkPolicyRule, port: number) => boolean,
): readonly number[] {
  if (mesh.get(hasUnreadablePolicy, workload)) return NONE
  const rules = mesh.get(restrictingPoliciesOf, workload).Ingress.flatMap(({ ingress }) => ingress)
  const closed = workload.template.ports.filter(
    ({ protocol, containerPort }) =>
      protocol === 'TCP' && !rules.some((rule) => opens(rule, containerPort)),
  )
  if (closed.length === 0) return NONE
  const anyIdentity = unnamedIdentityIn(mesh.settings.trustDomain)
  const policies = mesh.get(ztunnelPoliciesOf, workload)
  return closed
    .map(({ containerPort }) => containerPort)
    .filter((port) => probe(policies, { identity: anyIdentity, port }) === 'allow')
}
