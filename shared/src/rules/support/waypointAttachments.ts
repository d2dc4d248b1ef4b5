import { CERTAIN, type KnownCertainty, type Evidence } from '../../mesh/certainty.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { servicesOfWaypoint } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import {
  namesOtherNamespace,
  resolveTarget,
  type WaypointChain,
} from '../../waypoint/attachment.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { isEnvoyWaypoint, protectedTraffic } from './protectedTraffic.js'
import { shownName } from './resourceNames.js'
import { targetKind } from '../../vocabulary/kinds.js'

/** The waypoints and Services at which one targetRef makes a policy apply. */
export interface Attachment {
  readonly ref: PolicyTargetReference
  /** `waypoint "shop/waypoint"`, or `every waypoint`. */
  readonly label: string
  /** Whether the policy also applies to traffic to pod IPs, not only to Services. */
  readonly allTraffic: boolean
  /**
   * One for each Service and, with `allTraffic`, one for each waypoint. Empty for a class without waypoints
   * in the files.
   */
  readonly chains: readonly WaypointChain[]
  /** The waypoints, with `allTraffic`. */
  readonly gateways: readonly Gateway[]
  readonly certainty: KnownCertainty
  readonly evidence: readonly Evidence[]
}

export function isClassReference({ kind, group }: PolicyTargetReference): boolean {
  return targetKind(group, kind) === 'GatewayClass'
}

/**
 * The Envoy waypoints that certainly, or by an assumption, enforce a policy: by targetRefs to a waypoint, to
 * the class of all waypoints, or to a Service or ServiceEntry that uses a waypoint (docs/semantics.md §3.2).
 * Ingress gateways and agentgateway are left out.
 */
export const attachmentsOf = query(
  'attachments',
  (mesh, policy: AuthorizationPolicy): readonly Attachment[] => {
    return policy.targetRefs
      .filter((ref) => !isPlaceholder(ref.name) && !namesOtherNamespace(policy, ref))
      .flatMap((ref) => attachment(mesh, policy, ref) ?? [])
  },
)

function classAttachment(mesh: Mesh, ref: PolicyTargetReference): Attachment {
  const gateways = mesh.all('Gateway').filter((gateway) => isEnvoyWaypoint(mesh, gateway))
  return {
    ref,
    label: 'every waypoint',
    allTraffic: true,
    chains: gateways.flatMap((gateway) => mesh.get(chainsOfWaypoint, gateway)),
    gateways,
    certainty: CERTAIN,
    evidence: gateways.slice(0, 3).map(waypointEvidence),
  }
}

function attachment(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
): Attachment | undefined {
  const target = resolveTarget(mesh, policy, ref)
  if (target.kind === 'GatewayClass')
    return target.isEnforced ? classAttachment(mesh, ref) : undefined
  const found = protectedTraffic(mesh, target)
  if (!found) return undefined
  const { gateway, allTraffic, targets, certainty } = found
  const chains = allTraffic
    ? mesh.get(chainsOfWaypoint, gateway)
    : targets.map((service) => ({ gateway, service }))
  return {
    ref,
    label: `waypoint "${shownName(gateway)}"`,
    allTraffic,
    chains,
    gateways: allTraffic ? [gateway] : [],
    certainty,
    evidence: [waypointEvidence(gateway)],
  }
}

/** One list for all policies of a waypoint. */
export const chainsOfWaypoint = query(
  'chains of waypoint',
  (mesh, gateway: Gateway): readonly WaypointChain[] => [
    ...mesh.get(servicesOfWaypoint, gateway).map((service) => ({ gateway, service })),
    { gateway, service: undefined },
  ],
)

function waypointEvidence(gateway: Gateway): Evidence {
  return {
    resource: gateway,
    path: ['metadata', 'name'],
    message: `The waypoint "${shownName(gateway)}".`,
  }
}

/** The certain attachments, else those that rest on assumptions; undefined where there are none. */
export function reportableAttachments(attachments: readonly Attachment[]):
  | {
      readonly attachments: readonly Attachment[]
      readonly certainties: readonly KnownCertainty[]
      readonly evidence: readonly Evidence[]
    }
  | undefined {
  const certain = attachments.filter(({ certainty }) => certainty.level === 'certain')
  const reportable = certain.length > 0 ? certain : attachments
  if (reportable.length === 0) return undefined
  const evidence = [
    ...new Map(
      reportable.flatMap((attachment) => attachment.evidence).map((item) => [item.resource, item]),
    ).values(),
  ]
  return {
    attachments: reportable,
    certainties: reportable.map(({ certainty }) => certainty),
    evidence: evidence.slice(0, 3),
  }
}
