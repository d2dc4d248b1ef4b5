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
import { isEnvoyWaypoint, protectedBy } from './bypass.js'
import { shownName } from './resourceNames.js'
import { targetKind } from '../../vocabulary/kinds.js'

/** What one targetRef of a policy makes waypoints enforce. */
export interface Attachment {
  readonly ref: PolicyTargetReference
  /** `waypoint "shop/waypoint"`, or `every waypoint`. */
  readonly label: string
  /** Whether traffic to pods' own addresses is meant too, not Services' alone. */
  readonly whole: boolean
  /** What is served: one for each Service and, where `whole`, each waypoint itself. Empty for a class whose waypoints no file shows. */
  readonly chains: readonly WaypointChain[]
  readonly certainty: KnownCertainty
  readonly evidence: readonly Evidence[]
}

export function isClassReference({ kind, group }: PolicyTargetReference): boolean {
  return targetKind(group, kind) === 'GatewayClass'
}

/**
 * Where Envoy waypoints surely enforce a policy, or are taken to: by its references to them, to their class, and to what is bound to them (docs/semantics.md §3.2). What
 * ingress gateways and agentgateway make of it is not said here.
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
    whole: true,
    chains: gateways.flatMap((gateway) => wholeOf(mesh, gateway)),
    certainty: CERTAIN,
    evidence: gateways.slice(0, 3).map(isHere),
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
  const found = protectedBy(mesh, target)
  if (!found) return undefined
  const { gateway, whole, targets, certainty } = found
  const chains = whole ? wholeOf(mesh, gateway) : targets.map((service) => ({ gateway, service }))
  return {
    ref,
    label: `waypoint "${shownName(gateway)}"`,
    whole,
    chains,
    certainty,
    evidence: [isHere(gateway)],
  }
}

function wholeOf(mesh: Mesh, gateway: Gateway): WaypointChain[] {
  return [
    ...mesh.get(servicesOfWaypoint, gateway).map((service) => ({ gateway, service })),
    { gateway, service: undefined },
  ]
}

function isHere(gateway: Gateway): Evidence {
  return {
    resource: gateway,
    path: ['metadata', 'name'],
    message: `The waypoint "${shownName(gateway)}".`,
  }
}

/** What may be said of a policy that waypoints enforce: of those that surely do, else of those that are taken to. Undefined where none does. */
export function saidOf(attachments: readonly Attachment[]):
  | {
      readonly attachments: readonly Attachment[]
      readonly certainties: readonly KnownCertainty[]
      readonly evidence: readonly Evidence[]
    }
  | undefined {
  const certain = attachments.filter(({ certainty }) => certainty.level === 'certain')
  const spoken = certain.length > 0 ? certain : attachments
  if (spoken.length === 0) return undefined
  const evidence = [
    ...new Map(
      spoken.flatMap((attachment) => attachment.evidence).map((item) => [item.resource, item]),
    ).values(),
  ]
  return {
    attachments: spoken,
    certainties: spoken.map(({ certainty }) => certainty),
    evidence: evidence.slice(0, 3),
  }
}
