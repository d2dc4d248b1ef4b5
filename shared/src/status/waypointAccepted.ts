import { query, type Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { waypointByLabels } from '../mesh/waypoints.js'
import { qualifiedName } from '../resources/resource.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import { conversionOf } from '../ztunnel/enforcement.js'
import { MESH_CONTROLLER } from '../vocabulary/gatewayClasses.js'
import {
  resolveTarget,
  serviceOf,
  waypointOfTarget,
  type NoTarget,
  type ServiceTarget,
} from '../waypoint/attachment.js'
import type { Condition } from './condition.js'

/** The status of one targetRef (docs/semantics.md §3.6). */
interface TargetStatus {
  readonly ref: PolicyTargetReference
  readonly bound: boolean
  readonly reason: 'Accepted' | 'TargetNotFound' | 'AncestorNotBound' | 'Invalid'
  readonly message: string
}

/** The status of each targetRef, in order. */
const targetStatuses = query(
  'target statuses',
  (mesh, policy: AuthorizationPolicy): readonly TargetStatus[] =>
    policy.targetRefs.flatMap((ref) => {
      const outcome = statusOf(mesh, policy, ref)
      return outcome ? [{ ref, ...outcome }] : []
    }),
)

/** `WaypointAccepted` of a policy with targetRefs; undefined where istiod does not write it. */
export const waypointAccepted = query(
  'WaypointAccepted',
  (mesh, policy: AuthorizationPolicy): Condition | undefined => {
    const statuses = mesh.get(targetStatuses, policy)
    const [first] = statuses
    if (!first || mesh.get(conversionOf, policy).notSent === 'dry-run') return undefined
    if (statuses.length === 1) return condition(first.bound, first.reason, first.message)
    const failed = statuses.filter(({ bound }) => !bound)
    const names = failed.map(
      ({ ref }) =>
        `${ref.kind}.${ref.group === '' ? 'core' : ref.group}:${policy.namespace}/${ref.name}`,
    )
    const reason =
      failed.length === 0
        ? 'Accepted'
        : failed.length < statuses.length
          ? 'PartiallyInvalid'
          : 'Invalid'
    return condition(
      failed.length < statuses.length,
      reason,
      failed.length === 0 ? '' : `Invalid targetRefs: ${names.join(', ')}`,
    )
  },
)

function condition(bound: boolean, reason: string, message: string): Condition {
  return { type: 'WaypointAccepted', status: bound ? 'True' : 'False', reason, message }
}

type Outcome = Omit<TargetStatus, 'ref'>
const NOT_FOUND: Outcome = { bound: false, reason: 'TargetNotFound', message: 'not bound' }

/** Undefined for an HTTPRoute: what istiod writes for it is not known. */
function statusOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
): Outcome | undefined {
  const target = resolveTarget(mesh, policy, ref)
  switch (target.kind) {
    case 'Gateway':
      return boundTo(qualifiedName(target.gateway))
    case 'Service':
    case 'ServiceEntry':
    case 'generated Service':
      return serviceStatus(mesh, policy, ref, target)
    case 'GatewayClass':
      // A class of another name is accepted and never enforced.
      return target.controller === MESH_CONTROLLER
        ? boundTo(ref.name)
        : invalid(`GatewayClass must use controller name \`${MESH_CONTROLLER}\` for waypoints`)
    case 'HTTPRoute':
      return undefined
    case 'none':
      return statusOfNone(mesh, policy, ref, target.reason)
  }
}

function serviceStatus(
  mesh: Mesh,
  { namespace }: AuthorizationPolicy,
  ref: PolicyTargetReference,
  target: ServiceTarget,
): Outcome {
  const service = serviceOf(target)
  // The status counts the labels, also where no waypoint serves the traffic: of a Service of type ExternalName, and of a
  // ServiceEntry that istiod does not configure.
  const binding = service
    ? mesh.get(waypointByLabels, service)
    : waypointOfTarget(mesh, namespace, target)
  return binding.status === 'bound'
    ? boundTo(qualifiedName(binding.gateway))
    : {
        bound: false,
        reason: 'AncestorNotBound',
        message: `${ref.kind} ${namespace}/${ref.name} is not bound to a waypoint`,
      }
}

function statusOfNone(
  mesh: Mesh,
  { namespace }: AuthorizationPolicy,
  { kind, name }: PolicyTargetReference,
  reason: NoTarget,
): Outcome {
  switch (reason) {
    case 'unsupported kind':
      return invalid(`unsupported target ${kind}`)
    case 'outside root namespace':
      return invalid(
        `AuthorizationPolicy must be in the root namespace \`${mesh.settings.rootNamespace}\` when referencing a GatewayClass`,
      )
    case 'not found':
      return kind === 'Service' || kind === 'ServiceEntry'
        ? {
            bound: false,
            reason: 'TargetNotFound',
            message: `${kind} ${namespace}/${name} was not found`,
          }
        : NOT_FOUND
    case 'other namespace':
    case 'unsupported by release':
      return NOT_FOUND
  }
}

function invalid(message: string): Outcome {
  return { bound: false, reason: 'Invalid', message }
}

function boundTo(what: string): Outcome {
  return { bound: true, reason: 'Accepted', message: `bound to ${what}` }
}
