import { classRole, enforcesPolicies, gatewayServiceName } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import { waypointOfNamespace, waypointOfService } from '../mesh/waypoints.js'
import type { WaypointBinding } from '../mesh/waypointBinding.js'
import { CERTAIN } from '../mesh/certainty.js'
import type { Route } from '../resources/route.js'
import { canTargetRoutes, isRead } from '../mesh/discovery.js'
import type { Gateway } from '../resources/gateway.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import { GATEWAY_CLASSES, WAYPOINT_CLASS } from '../vocabulary/gatewayClasses.js'
import { isRouteTarget, targetKind } from '../vocabulary/kinds.js'
import { supports } from '../vocabulary/releases.js'

/** A policy of any kind that can have `targetRefs`. */
export interface TargetedPolicy {
  readonly namespace: string
  readonly targetRefs: readonly PolicyTargetReference[]
}

/** What a `targetRef` leads to. */
export type Target =
  | ServiceTarget
  | { readonly kind: 'Gateway'; readonly gateway: Gateway }
  | {
      readonly kind: 'GatewayClass'
      readonly controller: string
      /** Whether waypoints enforce policies for this class: only for `istio-waypoint`. */
      readonly isEnforced: boolean
    }
  | { readonly kind: 'HTTPRoute'; readonly route: Route }
  | { readonly kind: 'none'; readonly reason: NoTarget }

export type ServiceTarget =
  | { readonly kind: 'Service' | 'ServiceEntry'; readonly service: Service | ServiceEntry }
  /** A Service that exists without a file: istiod makes it for `gateway`, or it is the API server's. */
  | { readonly kind: 'generated Service'; readonly gateway: Gateway | undefined }

/** Why a reference leads to nothing. */
export type NoTarget =
  /** No policy can target the kind. */
  | 'unsupported kind'
  /** Policies reach only Gateways of their own namespace. */
  | 'other namespace'
  /** Only policies in the root namespace reach a GatewayClass. */
  | 'outside root namespace'
  /** The release of the mesh has no policies for a GatewayClass. */
  | 'unsupported by release'
  /** No such object in the files. */
  | 'not found'

/**
 * What a reference of a policy leads to (docs/semantics.md §3.2, policyattachment.go:123-201). The
 * first definition where the files have several.
 */
export function resolveTarget(
  mesh: Mesh,
  { namespace }: Pick<TargetedPolicy, 'namespace'>,
  ref: PolicyTargetReference,
): Target {
  const kind = targetKind(ref.group, ref.kind)
  switch (kind) {
    case 'Service':
    case 'ServiceEntry':
      return serviceTarget(mesh, namespace, kind, ref.name)
    case 'Gateway': {
      if (namesOtherNamespace({ namespace }, ref)) return none('other namespace')
      const gateway = mesh.named('Gateway', namespace, ref.name)
      return gateway && isRead(mesh, gateway) ? { kind, gateway } : none('not found')
    }
    case 'GatewayClass':
      return classTarget(mesh, namespace, ref.name)
    case undefined:
      return isRouteTarget(ref.group, ref.kind)
        ? routeTarget(mesh, namespace, ref.name)
        : none('unsupported kind')
  }
}

function routeTarget(mesh: Mesh, namespace: string, name: string): Target {
  if (!canTargetRoutes(mesh)) return none('unsupported kind')
  const route = mesh.named('HTTPRoute', namespace, name)
  return route ? { kind: 'HTTPRoute', route } : none('not found')
}

/** The Service or ServiceEntry of a target; undefined for other targets, and for Services without a file. */
export function serviceOf(target: Target): Service | ServiceEntry | undefined {
  return 'service' in target ? target.service : undefined
}

/** Whether a reference names another namespace than the policy's: the API server rejects that. */
export function namesOtherNamespace(
  policy: { readonly namespace: string },
  ref: PolicyTargetReference,
): boolean {
  return ref.namespace !== undefined && ref.namespace !== policy.namespace
}

function serviceTarget(
  mesh: Mesh,
  namespace: string,
  kind: 'Service' | 'ServiceEntry',
  name: string,
): Target {
  const service: Service | ServiceEntry | undefined = mesh.named(kind, namespace, name)
  if (service) return { kind, service }
  if (kind === 'ServiceEntry') return none('not found')
  const gateway = mesh
    .inNamespace('Gateway', namespace)
    .find((candidate) => mesh.get(gatewayServiceName, candidate) === name)
  return gateway || isApiServer(namespace, name)
    ? { kind: 'generated Service', gateway }
    : none('not found')
}

function isApiServer(namespace: string, name: string): boolean {
  return namespace === 'default' && name === 'kubernetes'
}

function classTarget(mesh: Mesh, namespace: string, name: string): Target {
  const { settings } = mesh
  if (namespace !== settings.rootNamespace) return none('outside root namespace')
  if (!supports(settings, 'gatewayClassTargets')) return none('unsupported by release')
  const controller =
    mesh.named('GatewayClass', '', name)?.controllerName ?? GATEWAY_CLASSES.get(name)?.controller
  return controller === undefined
    ? none('not found')
    : { kind: 'GatewayClass', controller, isEnforced: name === WAYPOINT_CLASS }
}

function none(reason: NoTarget): Target {
  return { kind: 'none', reason }
}

/** The waypoint of the traffic to a target of a policy in a namespace. */
export function waypointOfTarget(
  mesh: Mesh,
  namespace: string,
  target: ServiceTarget,
): WaypointBinding {
  if (target.kind !== 'generated Service') return mesh.get(waypointOfService, target.service)
  const role = target.gateway && mesh.get(classRole, target.gateway.gatewayClassName)
  // A waypoint's own Service never has a waypoint (docs/semantics.md §2.2).
  return role === 'waypoint' || role === 'east-west'
    ? { status: 'none', certainty: CERTAIN }
    : mesh.get(waypointOfNamespace, namespace)
}

/**
 * A filter chain of a waypoint: for one Service or ServiceEntry, or (undefined) for traffic to workloads' own
 * addresses.
 */
export interface WaypointChain {
  readonly gateway: Gateway
  readonly service: Service | ServiceEntry | undefined
}

/**
 * `ShouldAttachPolicy` for a waypoint (policyattachment.go:123-201): only targetRefs attach there, and none
 * at a waypoint of agentgateway.
 */
export function attaches(
  mesh: Mesh,
  policy: TargetedPolicy,
  { gateway, service }: WaypointChain,
): boolean {
  if (!mesh.get(enforcesPolicies, gateway.gatewayClassName)) return false
  if (service && targetsService(mesh, policy, service)) return true
  return policy.targetRefs.some((ref) => {
    const target = resolveTarget(mesh, policy, ref)
    if (target.kind === 'Gateway') return isSame(target.gateway, gateway)
    return target.kind === 'GatewayClass' && target.isEnforced
  })
}

/** Whether a policy targets a Service or ServiceEntry, with a waypoint or without. */
export function targetsService(
  mesh: Mesh,
  policy: TargetedPolicy,
  service: Service | ServiceEntry,
): boolean {
  return policy.targetRefs.some((ref) => {
    const target = resolveTarget(mesh, policy, ref)
    return target.kind === service.type && isSame(target.service, service)
  })
}

interface Named {
  readonly namespace: string
  readonly name: string
}

/** Several definitions of an object are one object. */
function isSame(a: Named, b: Named): boolean {
  return a.name === b.name && a.namespace === b.namespace
}

/**
 * Whether a waypoint's CONNECT layer may enforce policies without targetRefs too
 * (docs/semantics.md §3.2).
 */
export function hasLayeredPolicies({ settings }: Pick<Mesh, 'settings'>): boolean {
  return (
    settings.flag('ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES') &&
    supports(settings, 'layeredWaypointPolicies')
  )
}
