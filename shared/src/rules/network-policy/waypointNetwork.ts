import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import { servicesOfWaypoint } from '../../mesh/waypoints.js'
import { isCaptured } from '../../ztunnel/enforcement.js'
import type { Gateway } from '../../resources/gateway.js'
import type { NetworkPolicy, NetworkPolicyRule } from '../../resources/networkPolicy.js'
import { waypointPaths } from '../support/waypointPaths.js'
import {
  admitsEverybody,
  admitsHbone,
  admitsPod,
  admitsPort,
  capturedPodsOf,
  HBONE_PORT,
  placeOf,
  restricting,
  restrictingOf,
  selects,
  type Direction,
  type PodPlace,
} from './networkPolicies.js'
import type { Workload } from '../../inventory/workloads.js'
import {
  CANONICAL_NAME,
  CANONICAL_REVISION,
  DATAPLANE_MODE,
  GATEWAY_CLASS_NAME,
  GATEWAY_NAME,
  INJECT,
  MANAGED,
} from '../../vocabulary/labels.js'

const ISTIOD_PORT = 15012

/** The pods that istiod deploys for a waypoint, with the labels that NetworkPolicies may go by (files/waypoint.yaml). */
function waypointPods({
  namespace,
  name,
  labels,
  infrastructureLabels,
  gatewayClassName,
}: Gateway): PodPlace {
  return {
    namespace,
    labels: {
      [INJECT]: 'false',
      [DATAPLANE_MODE]: 'none',
      [CANONICAL_NAME]: name,
      [CANONICAL_REVISION]: 'latest',
      ...(infrastructureLabels ?? labels),
      [GATEWAY_NAME]: name,
      [GATEWAY_CLASS_NAME]: gatewayClassName,
      [MANAGED]: 'istio.io-mesh-controller',
    },
  }
}

/** A rule with the policy that it stands in. */
interface PlacedRule {
  readonly policy: NetworkPolicy
  readonly rule: NetworkPolicyRule
}

function rulesOf(policies: readonly NetworkPolicy[], direction: Direction): PlacedRule[] {
  return policies.flatMap((policy) =>
    (direction === 'Ingress' ? policy.ingress : policy.egress).map((rule) => ({ policy, rule })),
  )
}

/** A waypoint that is kept from its own pods. */
export interface KeptOut {
  readonly gateway: Gateway
  readonly workloads: readonly Workload[]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/** The waypoints that a policy, and all others together, keep from pods to which they let clients. Each once. */
export function keptOutBy(mesh: Mesh, policy: NetworkPolicy): KeptOut[] {
  const found = new Map<Gateway, KeptOut>()
  for (const { workload } of mesh.get(capturedPodsOf, policy)) {
    const rules = rulesOf(mesh.get(restrictingOf, workload).Ingress, 'Ingress').filter(({ rule }) =>
      admitsPort(rule, HBONE_PORT, workload),
    )
    // Where nothing of the mesh is let in, that is the other rule's business.
    if (!rules.some(({ rule }) => admitsHbone(rule, workload))) continue
    for (const { gateway, certainties, evidence } of mesh.get(waypointPaths, workload)) {
      if (
        rules.some(
          (placed) => admitsPod(mesh, placed.policy, placed.rule, waypointPods(gateway)) !== false,
        )
      )
        continue
      const before = found.get(gateway)
      found.set(gateway, {
        gateway,
        workloads: [...new Set([...(before?.workloads ?? []), workload])],
        certainties: before?.certainties ?? certainties,
        evidence: before?.evidence ?? evidence,
      })
    }
  }
  return [...found.values()]
}

/** What a waypoint cannot do for the policies that select its own pods. */
export interface BrokenWaypoint {
  readonly gateway: Gateway
  readonly direction: Direction
  readonly missing: 'clients' | 'istiod' | 'backends'
}

/** What the policies that select a waypoint's pods leave out. The first of them speaks for all. */
export function crippledBy(mesh: Mesh, policy: NetworkPolicy): BrokenWaypoint[] {
  const waypoints = mesh
    .inNamespace('Gateway', policy.namespace)
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
  return waypoints.flatMap((gateway) =>
    (['Ingress', 'Egress'] as const).flatMap((direction): BrokenWaypoint[] => {
      const pods = waypointPods(gateway)
      const policies = selects(policy.podSelector, pods.labels)
        ? restricting(mesh, pods, direction)
        : []
      if (policies[0] !== policy) return []
      const rules = rulesOf(policies, direction)
      if (direction === 'Ingress')
        return rules.some(({ rule }) => admitsHbone(rule))
          ? []
          : [{ gateway, direction, missing: 'clients' }]
      if (!rules.some((placed) => mayReachIstiod(mesh, placed)))
        return [{ gateway, direction, missing: 'istiod' }]
      return backendsAreCutOff(mesh, gateway, rules)
        ? [{ gateway, direction, missing: 'backends' }]
        : []
    }),
  )
}

/** By labels nobody knows: whatever names an address, or the namespace of istiod, may be meant for it. */
function mayReachIstiod(mesh: Mesh, { policy, rule }: PlacedRule): boolean {
  if (!admitsPort(rule, ISTIOD_PORT)) return false
  const root = mesh.settings.rootNamespace
  return (
    admitsEverybody(rule) ||
    (rule.peers ?? []).some(
      (peer) =>
        peer.cidr !== undefined ||
        admitsPod(
          mesh,
          policy,
          { peers: [{ ...peer, podSelector: undefined }], ports: undefined },
          { namespace: root, labels: {} },
        ) !== false,
    )
  )
}

/** Whether the waypoint has captured pods behind it, and reaches none of them. */
function backendsAreCutOff(mesh: Mesh, gateway: Gateway, rules: readonly PlacedRule[]): boolean {
  const backends = mesh
    .get(servicesOfWaypoint, gateway)
    .flatMap((service) => mesh.get(workloadsOfService, service))
    .filter((workload) => mesh.get(isCaptured, workload))
  return (
    backends.length > 0 &&
    backends.every(
      (workload) =>
        !rules.some(
          ({ policy, rule }) =>
            admitsPort(rule, HBONE_PORT) &&
            admitsPod(mesh, policy, rule, placeOf(workload)) !== false,
        ),
    )
  )
}
