import { NONE } from '../../text/collections.js'
import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { gatewayPodLabels } from '../../mesh/gatewayPods.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import { servicesOfWaypoint } from '../../mesh/waypoints.js'
import { isCaptured } from '../../ztunnel/enforcement.js'
import type { Gateway } from '../../resources/gateway.js'
import type { NetworkPolicy, NetworkPolicyRule } from '../../resources/networkPolicy.js'
import { waypointPaths } from '../support/waypointPaths.js'
import {
  toSelectablePod,
  restrictingPolicies,
  restrictingPoliciesOf,
  type Direction,
  type SelectablePod,
  podSelection,
  capturedPods,
} from './networkPolicies.js'
import { allowsAllPeers, allowsHbone, allowsPod, allowsPort } from './ruleMatching.js'
import type { Workload } from '../../inventory/workloads.js'
import { HBONE_PORT } from '../../vocabulary/ports.js'

const ISTIOD_PORT = 15012

/**
 * The pods that istiod deploys for a waypoint, with the labels that NetworkPolicies can select
 * (files/waypoint.yaml).
 */
function waypointPods(mesh: Mesh, gateway: Gateway): SelectablePod {
  return { namespace: gateway.namespace, labels: mesh.get(gatewayPodLabels, gateway) }
}

interface RuleOfPolicy {
  readonly policy: NetworkPolicy
  readonly rule: NetworkPolicyRule
}

function rulesOf(policies: readonly NetworkPolicy[], direction: Direction): RuleOfPolicy[] {
  return policies.flatMap((policy) =>
    (direction === 'Ingress' ? policy.ingress : policy.egress).map((rule) => ({ policy, rule })),
  )
}

/** A waypoint that cannot connect to pods behind it. */
export interface BlockedWaypoint {
  readonly gateway: Gateway
  readonly workloads: readonly Workload[]
  readonly certainties: readonly KnownCertainty[]
  readonly evidence: readonly Evidence[]
}

/** The waypoints that the NetworkPolicies of captured pods block, although they allow other clients. Each once. */
export function waypointsBlockedBy(mesh: Mesh, policy: NetworkPolicy): readonly BlockedWaypoint[] {
  const selection = podSelection(mesh, policy)
  return selection === undefined ? NONE : mesh.get(blockedWaypoints, selection)
}

const blockedWaypoints = query(
  'blocked waypoints',
  (mesh, selection: string): readonly BlockedWaypoint[] => {
    const found = new Map<Gateway, BlockedWaypoint & { readonly workloads: Workload[] }>()
    for (const { workload } of mesh.get(capturedPods, selection)) {
      const paths = mesh.get(waypointPaths, workload)
      if (paths.length === 0) continue
      const rules = rulesOf(mesh.get(restrictingPoliciesOf, workload).Ingress, 'Ingress').filter(
        ({ rule }) => allowsPort(rule, HBONE_PORT, workload),
      )
      // Without any mesh client, network-policy-blocks-hbone reports it.
      if (!rules.some(({ rule }) => allowsHbone(rule, workload))) continue
      for (const { gateway, certainties, evidence } of paths) {
        if (
          rules.some(
            (ruleOfPolicy) =>
              allowsPod(
                mesh,
                ruleOfPolicy.policy,
                ruleOfPolicy.rule,
                waypointPods(mesh, gateway),
              ) !== false,
          )
        )
          continue
        const existing = found.get(gateway)
        if (!existing) found.set(gateway, { gateway, workloads: [workload], certainties, evidence })
        else if (existing.workloads.at(-1) !== workload) existing.workloads.push(workload)
      }
    }
    return [...found.values()]
  },
)

/** A waypoint whose own pods cannot make or accept a needed connection. */
export interface BrokenWaypoint {
  readonly gateway: Gateway
  readonly direction: Direction
  readonly missing: 'clients' | 'istiod' | 'backends'
}

/** The waypoints that the policies of their own pods break. Only the first policy by name reports it. */
export function waypointsBrokenBy(mesh: Mesh, policy: NetworkPolicy): BrokenWaypoint[] {
  const waypoints = mesh
    .inNamespace('Gateway', policy.namespace)
    .filter(({ gatewayClassName }) => mesh.get(classRole, gatewayClassName) === 'waypoint')
  return waypoints.flatMap((gateway) =>
    (['Ingress', 'Egress'] as const).flatMap((direction): BrokenWaypoint[] => {
      const policies = mesh.get(policiesOfWaypointPods, gateway)[direction]
      if (policies[0] !== policy) return []
      const rules = rulesOf(policies, direction)
      if (direction === 'Ingress')
        return rules.some(({ rule }) => allowsHbone(rule))
          ? []
          : [{ gateway, direction, missing: 'clients' }]
      if (!rules.some((ruleOfPolicy) => mayAllowIstiod(mesh, ruleOfPolicy)))
        return [{ gateway, direction, missing: 'istiod' }]
      return blocksAllBackends(mesh, gateway, rules)
        ? [{ gateway, direction, missing: 'backends' }]
        : []
    }),
  )
}

const policiesOfWaypointPods = query(
  'NetworkPolicies of waypoint',
  (mesh, gateway: Gateway): Readonly<Record<Direction, readonly NetworkPolicy[]>> => {
    const pods = waypointPods(mesh, gateway)
    return {
      Ingress: restrictingPolicies(mesh, pods, 'Ingress'),
      Egress: restrictingPolicies(mesh, pods, 'Egress'),
    }
  },
)

/** Istiod's labels are not known: a rule for its namespace, or for an IP block, may allow it. */
function mayAllowIstiod(mesh: Mesh, { policy, rule }: RuleOfPolicy): boolean {
  if (!allowsPort(rule, ISTIOD_PORT)) return false
  const root = mesh.settings.rootNamespace
  return (
    allowsAllPeers(rule) ||
    (rule.peers ?? []).some(
      (peer) =>
        peer.cidr !== undefined ||
        allowsPod(
          mesh,
          policy,
          { peers: [{ ...peer, podSelector: undefined }], ports: undefined },
          { namespace: root, labels: {} },
        ) !== false,
    )
  )
}

/** Whether the waypoint has captured pods behind it and can reach none of them. */
function blocksAllBackends(mesh: Mesh, gateway: Gateway, rules: readonly RuleOfPolicy[]): boolean {
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
            allowsPort(rule, HBONE_PORT) &&
            allowsPod(mesh, policy, rule, toSelectablePod(workload)) !== false,
        ),
    )
  )
}
