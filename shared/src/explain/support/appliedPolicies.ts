import type { Workload } from '../../inventory/workloads.js'
import { podLabels } from '../../mesh/pods.js'
import { enforcesPolicies, isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { policiesOfWorkload } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import {
  policiesAtSidecar,
  policiesAtWaypoint,
  policiesOfService,
  requestAuthenticationsAtWaypoint,
} from '../../waypoint/attachedPolicies.js'
import type { WaypointChain } from '../../waypoint/attachment.js'
import { requiredTokens } from '../../waypoint/requiredTokens.js'
import { conversionOf, peerAuthenticationOf } from '../../ztunnel/enforcement.js'
import type { AppliedPolicyExplanation } from '../explanation.js'
import { enforcerOf, explainEnrolment } from './enrolmentWords.js'
import { listedUpTo, shownName, type Notes } from './notes.js'
import { pathsTo, type TrafficPath } from './paths.js'
import { NOT_SENT } from '../policy/notSent.js'

/** All policies for traffic to a workload: at its ztunnel, then at the waypoints on the paths to it. */
export function policiesAtWorkload(
  mesh: Mesh,
  workload: Workload,
  notes: Notes,
): AppliedPolicyExplanation[] {
  const { own, paths } = policiesAtPods(mesh, workload, notes)
  return [...own, ...paths.flatMap((path) => atWaypoint(mesh, path))]
}

/** The policies at the pods of a workload, and the paths to them. */
export function policiesAtPods(
  mesh: Mesh,
  workload: Workload,
  notes: Notes,
): { readonly own: AppliedPolicyExplanation[]; readonly paths: readonly TrafficPath[] } {
  const enforcedBy = isGatewayPod(podLabels(workload))
    ? 'gateway'
    : enforcerOf(explainEnrolment(mesh, workload, notes).mode)
  if (enforcedBy === 'nobody') return { own: [], paths: [] }
  const paths =
    enforcedBy === 'destination ztunnel' || enforcedBy === 'unknown'
      ? pathsTo(mesh, workload, notes)
      : []
  const sourceIdentity =
    paths.length > 0
      ? listedUpTo([...new Set(paths.map(({ identity }) => identity))], 'or')
      : 'client'
  const policies = mesh.get(
    enforcedBy === 'sidecar' ? policiesAtSidecar : policiesOfWorkload,
    workload,
  )
  const own = policies.map((policy): AppliedPolicyExplanation => {
    const { notSent } = mesh.get(conversionOf, policy)
    const here = {
      kind: policy.type,
      name: shownName(policy),
      action: policy.action,
      enforcer: null,
    }
    if (notSent && enforcedBy === 'destination ztunnel')
      return { ...here, enforcedBy: 'nobody', sourceIdentity: null, why: NOT_SENT[notSent] }
    return {
      ...here,
      enforcedBy,
      sourceIdentity,
      why: policy.selector
        ? 'selects it'
        : policy.namespace === workload.namespace
          ? 'covers its namespace'
          : 'covers the mesh',
    }
  })
  const { workload: selecting, namespace, mesh: wide } = mesh.get(peerAuthenticationOf, workload)
  const peers = [selecting, namespace, wide]
    .flatMap((peer) => peer ?? [])
    .map((peer) => ({
      kind: peer.type,
      name: shownName(peer),
      action: peer.mode,
      enforcedBy,
      enforcer: null,
      sourceIdentity: null,
      why:
        peer === selecting
          ? 'workload level'
          : peer === namespace
            ? 'namespace level'
            : 'mesh level',
    }))
  return { own: [...own, ...peers], paths }
}

function atWaypoint(mesh: Mesh, { gateway, services }: TrafficPath): AppliedPolicyExplanation[] {
  if (!gateway) return []
  const forServices = services.flatMap((service) =>
    policiesOfService(mesh, service).map((policy) =>
      enforcedAtWaypoint(mesh, policy, gateway, `targets ${service.type} ${shownName(service)}`),
    ),
  )
  return [
    ...forServices,
    ...policiesAtWaypoint(mesh, { gateway, service: undefined }).map((policy) =>
      enforcedAtWaypoint(mesh, policy, gateway, 'all traffic through the waypoint'),
    ),
  ]
}

/**
 * The policies at the waypoint of a Service. Without a waypoint the policies that target the Service are listedUpTo as
 * not enforced.
 */
export function policiesForService(
  mesh: Mesh,
  service: Service | ServiceEntry,
  waypoints: {
    readonly gateways: readonly Gateway[]
    readonly unknown: boolean
    /** Why all clients bypass the waypoints. */
    readonly bypassed?: string | undefined
  },
): AppliedPolicyExplanation[] {
  const { gateways, unknown, bypassed } = waypoints
  const own = policiesOfService(mesh, service)
  if (gateways.length > 0 && bypassed === undefined)
    return gateways.flatMap((gateway) => [
      ...own.map((policy) => enforcedAtWaypoint(mesh, policy, gateway, 'targets it')),
      ...policiesAtWaypoint(mesh, { gateway, service: undefined }).map((policy) =>
        enforcedAtWaypoint(mesh, policy, gateway, 'all traffic through the waypoint'),
      ),
    ])
  return own.map((policy) => ({
    kind: policy.type,
    name: shownName(policy),
    action: policy.action,
    enforcedBy: unknown ? 'unknown' : 'nobody',
    enforcer: null,
    sourceIdentity: unknown ? 'unknown' : null,
    why: unknown
      ? 'targets it; its waypoint is not known'
      : `targets it, but ${bypassed ?? 'it has no waypoint'}`,
  }))
}

/** Why a waypoint enforces no policy of Istio; undefined if it does. */
export function notEnforcedAtClass(mesh: Mesh, { gatewayClassName }: Gateway): string | undefined {
  return mesh.get(enforcesPolicies, gatewayClassName)
    ? undefined
    : `waypoints of class ${gatewayClassName} do not enforce AuthorizationPolicies`
}

/** The tokens that a waypoint requires of every HTTP request, in clauses. */
export function requiredTokenFacts(mesh: Mesh, chain: WaypointChain): string[] {
  return requiredTokens(mesh, requestAuthenticationsAtWaypoint(mesh, chain)).map(
    ({ policy, issuer }) =>
      `the waypoint denies HTTP requests without a token of ${issuer === '' ? 'the issuer' : issuer} (RequestAuthentication ${shownName(policy)})`,
  )
}

/** A policy that applies to the traffic of a waypoint. */
export function enforcedAtWaypoint(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  gateway: Gateway,
  why: string,
): AppliedPolicyExplanation {
  const unenforced = notEnforcedAtClass(mesh, gateway)
  if (unenforced !== undefined)
    return {
      kind: policy.type,
      name: shownName(policy),
      action: policy.action,
      enforcedBy: 'nobody',
      enforcer: null,
      sourceIdentity: null,
      why: unenforced,
    }
  return {
    kind: policy.type,
    name: shownName(policy),
    action: policy.action,
    enforcedBy: 'waypoint',
    enforcer: shownName(gateway),
    sourceIdentity: 'client',
    why,
  }
}

/** One entry for each policy and proxy; an entry that applies to some of the workloads says to how many. */
export function mergePolicies(
  lists: readonly (readonly AppliedPolicyExplanation[])[],
): AppliedPolicyExplanation[] {
  const found = new Map<
    string,
    { entry: AppliedPolicyExplanation; times: number; identities: Set<string> }
  >()
  for (const entry of lists.flat()) {
    const key = [entry.kind, entry.name, entry.enforcedBy, entry.enforcer].join(' ')
    const known = found.get(key) ?? { entry, times: 0, identities: new Set<string>() }
    known.times++
    if (entry.sourceIdentity !== null) known.identities.add(entry.sourceIdentity)
    found.set(key, known)
  }
  return [...found.values()].map(({ entry, times, identities }) => ({
    ...entry,
    sourceIdentity: identities.size > 0 ? listedUpTo([...identities], 'or') : entry.sourceIdentity,
    why:
      lists.length > 1 && times < lists.length && entry.enforcedBy !== 'waypoint'
        ? `${String(times)} of ${String(lists.length)} workloads`
        : entry.why,
  }))
}
