import { query, type Mesh } from '../mesh/mesh.js'
import { atLeast } from '../mesh/settings.js'
import { waypointOfService } from '../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import { conversionOf } from '../ztunnel/enforcement.js'
import type { Condition } from './condition.js'
import { WAYPOINT_CLASS } from '../vocabulary/gatewayClasses.js'

const MESH_CONTROLLER = 'istio.io/mesh-controller'

/** What becomes of one targetRef (docs/semantics.md §3.6). */
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
    policy.targetRefs.map((ref) => ({ ref, ...statusOf(mesh, policy, ref) })),
)

/** `WaypointAccepted` of a policy with targetRefs; undefined where istiod writes none. */
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

function statusOf(mesh: Mesh, policy: AuthorizationPolicy, ref: PolicyTargetReference): Outcome {
  switch (ref.kind) {
    case 'Gateway':
      return mesh.named('Gateway', policy.namespace, ref.name)
        ? boundTo(`${policy.namespace}/${ref.name}`)
        : NOT_FOUND
    case 'Service':
    case 'ServiceEntry':
      return serviceStatus(mesh, policy, { kind: ref.kind, name: ref.name })
    case 'GatewayClass':
      return classStatus(mesh, policy, ref.name)
    default:
      return { bound: false, reason: 'Invalid', message: `unsupported target ${ref.kind}` }
  }
}

function serviceStatus(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { kind, name }: { kind: 'Service' | 'ServiceEntry'; name: string },
): Outcome {
  const service = mesh.named(kind, policy.namespace, name)
  if (!service)
    return {
      bound: false,
      reason: 'TargetNotFound',
      message: `${kind} ${policy.namespace}/${name} was not found`,
    }
  const binding = mesh.get(waypointOfService, service)
  if (binding.status === 'bound') return boundTo(qualifiedName(binding.gateway))
  return {
    bound: false,
    reason: 'AncestorNotBound',
    message: `${kind} ${policy.namespace}/${name} is not bound to a waypoint`,
  }
}

/** The class `istio-waypoint` is there without a document. A class of another name is accepted and never enforced. */
function classStatus(mesh: Mesh, policy: AuthorizationPolicy, name: string): Outcome {
  const { rootNamespace, istioVersion } = mesh.settings
  if (policy.namespace !== rootNamespace) {
    return {
      bound: false,
      reason: 'Invalid',
      message: `AuthorizationPolicy must be in the root namespace \`${rootNamespace}\` when referencing a GatewayClass`,
    }
  }
  if (!atLeast(istioVersion, '1.25')) return NOT_FOUND
  const object = mesh.named('GatewayClass', '', name)
  if (!object) return name === WAYPOINT_CLASS ? boundTo(name) : NOT_FOUND
  if (object.controllerName !== MESH_CONTROLLER) {
    return {
      bound: false,
      reason: 'Invalid',
      message: `GatewayClass must use controller name \`${MESH_CONTROLLER}\` for waypoints`,
    }
  }
  return boundTo(name)
}

function boundTo(what: string): Outcome {
  return { bound: true, reason: 'Accepted', message: `bound to ${what}` }
}
