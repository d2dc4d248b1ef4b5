import { canaryOfService, shareOfCanary } from '../../mesh/canary.js'
import { classRole, enforcesPolicies, isManaged } from '../../mesh/gatewayClass.js'
import { handDeployedPods } from '../../mesh/gatewayPods.js'
import { whyUncaptured } from '../../mesh/hostAddress.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Route } from '../../resources/route.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import { targetKind } from '../../vocabulary/kinds.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'
import { RELEASE_FACTS } from '../../vocabulary/releases.js'
import {
  resolveTarget,
  serviceOf,
  waypointOfTarget,
  type NoTarget,
  type ServiceTarget,
  type Target,
} from '../../waypoint/attachment.js'
import { waypointUse } from '../../rules/support/waypointUse.js'
import { showsAllTargets } from '../../waypoint/targetNames.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { EnforcementTarget } from '../explanation.js'
import { shownName, type Notes } from '../support/notes.js'
import { notEnforcedAtClass } from '../support/appliedPolicies.js'
import { whyReset } from '../support/serviceEntryFacts.js'
import { explainWaypoint } from '../support/waypointWords.js'
import { enforced, NO_WAYPOINT, notEnforced, unknownTarget } from './target.js'

/** The targets of a `targetRef`: the waypoints of the mesh for a GatewayClass, else one. */
export function targetOfRef(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
  notes: Notes,
): EnforcementTarget[] {
  const target = resolveTarget(mesh, policy, ref)
  switch (target.kind) {
    case 'Service':
    case 'ServiceEntry':
    case 'generated Service':
      return serviceTargets(mesh, policy, { ref, target, notes })
    case 'Gateway':
      return [gatewayTarget(mesh, target.gateway, notes)]
    case 'HTTPRoute':
      return [routeTarget(mesh, policy, target.route)]
    case 'GatewayClass':
      return target.isEnforced
        ? waypointTargets(mesh)
        : [notEnforced(nameOf(policy, ref), OTHER_CLASS)]
    case 'none':
      return [
        target.reason === 'not found' && ref.kind !== 'GatewayClass'
          ? missingTarget(mesh, policy, { ref, notes })
          : notEnforced(nameOf(policy, ref), WHY_NONE[target.reason]),
      ]
  }
}

/** Why waypoints do not enforce a policy for a GatewayClass; undefined if they do. */
export function whyClassNotEnforced(target: Target): string | undefined {
  if (target.kind === 'none') return WHY_NONE[target.reason]
  return target.kind === 'GatewayClass' && target.isEnforced ? undefined : OTHER_CLASS
}

export const OTHER_CLASS = `waypoints enforce only policies for the class ${WAYPOINT_CLASS}`
const SINCE = RELEASE_FACTS.gatewayClassTargets.since
const WHY_NONE: Readonly<Record<NoTarget, string>> = {
  'unsupported kind': 'Istio does not support this kind of target',
  'other namespace': 'a policy can target only Gateways in its own namespace',
  'outside root namespace': 'only policies in the root namespace can target a GatewayClass',
  'unsupported by release': `policies can target a GatewayClass since Istio ${SINCE}`,
  'not found': OTHER_CLASS,
}

export const PODS_WITHOUT_NAME = `its pods do not have the label ${GATEWAY_NAME}`
const HEADLESS =
  'a headless Service has no address: its traffic goes directly to the pods and bypasses the waypoint'

function nameOf(
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
): Pick<EnforcementTarget, 'kind' | 'name'> {
  const name =
    ref.kind === 'GatewayClass' ? ref.name : shownName({ ...ref, namespace: policy.namespace })
  return { kind: ref.kind, name }
}

interface Reference {
  readonly ref: PolicyTargetReference
  readonly notes: Notes
}

function whyNotAtClass(mesh: Mesh, binding: WaypointBinding): string | undefined {
  return binding.status === 'bound' ? notEnforcedAtClass(mesh, binding.gateway) : undefined
}

/** The waypoint of a Service, and the canary that takes some of its connections. */
function serviceTargets(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  reference: Reference & { readonly target: ServiceTarget },
): EnforcementTarget[] {
  const first = serviceTarget(mesh, policy, reference)
  const service = serviceOf(reference.target)
  const canary = service && canaryOfService(mesh, service)
  if (!canary || first.enforcedBy !== 'waypoint') return [first]
  const share = shareOfCanary(mesh, service)
  const name = shownName(canary)
  const why = `${share} % of the connections take it`
  const waypoint = { status: 'bound', name, why } as const
  const at = nameOf(policy, reference.ref)
  const unenforced = notEnforcedAtClass(mesh, canary)
  return [
    ...(share < 100 ? [first] : []),
    unenforced === undefined
      ? enforced(at, { enforcedBy: 'waypoint', enforcer: name, waypoint, why })
      : notEnforced(at, unenforced, waypoint),
  ]
}

function serviceTarget(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { ref, target, notes }: Reference & { readonly target: ServiceTarget },
): EnforcementTarget {
  const service = serviceOf(target)
  const binding = waypointOfTarget(mesh, policy.namespace, target)
  const waypoint = explainWaypoint(mesh, binding, service ?? policy, notes)
  const at = nameOf(policy, ref)
  const { status, name, why } = waypoint
  if (status === 'unknown') return unknownTarget(at, { waypoint, why })
  if (status !== 'bound') return notEnforced(at, `no waypoint: ${why}`, waypoint)
  const unenforced = whyNotAtClass(mesh, binding)
  if (unenforced !== undefined) return notEnforced(at, unenforced, waypoint)
  if (service?.type === 'Service' && service.headless) return notEnforced(at, HEADLESS, waypoint)
  const reset = service?.type === 'ServiceEntry' ? whyReset(mesh, service) : undefined
  if (reset !== undefined) return notEnforced(at, reset, waypoint)
  const uncaptured = service && whyUncaptured(mesh, service)
  if (!uncaptured) return enforced(at, { enforcedBy: 'waypoint', enforcer: name, waypoint, why })
  notes.take(uncaptured.certainty)
  return notEnforced(at, uncaptured.why, waypoint)
}

/** A route of ingress gateways, which enforce the policy on it; at a waypoint the effect is not known. */
function routeTarget(mesh: Mesh, policy: AuthorizationPolicy, route: Route): EnforcementTarget {
  const at = { kind: route.type, name: shownName({ ...route, namespace: policy.namespace }) }
  const gateways = route.parentRefs.map(({ kind, namespace, name }) =>
    kind === 'Gateway' ? mesh.named('Gateway', namespace ?? route.namespace, name) : undefined,
  )
  const [first] = gateways
  return first &&
    gateways.every(
      (gateway) => gateway && mesh.get(classRole, gateway.gatewayClassName) === 'ingress',
    )
    ? enforced(at, {
        enforcedBy: 'gateway',
        enforcer: shownName(first),
        why: 'on the requests of this route, instead of the policies of the gateway',
      })
    : unknownTarget(at, {
        waypoint: NO_WAYPOINT,
        why: 'the effect of a policy for an HTTPRoute is known only for routes of ingress gateways',
      })
}

/** A target that the files do not show. */
function missingTarget(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { ref, notes }: Reference,
): EnforcementTarget {
  const at = nameOf(policy, ref)
  const kind = targetKind(ref.group, ref.kind)
  const isFilledIn = isPlaceholder(ref.name)
  const why = isFilledIn
    ? 'another tool fills in the name of its target'
    : `no ${ref.kind} ${at.name} in the workspace`
  if (!isFilledIn && kind !== undefined && showsAllTargets(mesh, policy.namespace, kind))
    return notEnforced(at, why)
  notes.missing(`target unknown: ${why}`)
  return unknownTarget(at, { waypoint: { status: 'unknown', name: null, why }, why })
}

function gatewayTarget(mesh: Mesh, gateway: Gateway, notes: Notes): EnforcementTarget {
  const name = shownName(gateway)
  const at = { kind: 'Gateway', name }
  const { gatewayClassName } = gateway
  switch (mesh.get(classRole, gatewayClassName)) {
    case 'waypoint':
      return usedWaypointTarget(mesh, gateway, notes)
    case 'ingress':
      return ingressTarget(mesh, gateway, notes)
    case 'east-west':
      return enforced(at, {
        enforcedBy: 'gateway',
        enforcer: name,
        why: 'it is an east-west gateway',
      })
    case 'unknown': {
      const why = `the class "${gatewayClassName}" is not known`
      notes.missing(`enforcement unknown: ${why}`)
      return unknownTarget(at, { waypoint: { status: 'unknown', name: null, why }, why })
    }
  }
}

/** A waypoint, if traffic passes it. */
function usedWaypointTarget(mesh: Mesh, gateway: Gateway, notes: Notes): EnforcementTarget {
  const name = shownName(gateway)
  const unenforced = notEnforcedAtClass(mesh, gateway)
  if (unenforced !== undefined) return notEnforced({ kind: 'Gateway', name }, unenforced)
  switch (mesh.get(waypointUse, gateway)) {
    case 'used':
      return waypointTarget(name)
    case 'unused':
      return notEnforced({ kind: 'Gateway', name }, 'no traffic passes it: nothing is bound to it')
    case 'unknown': {
      const why = `the workspace has nothing that is bound to ${name}`
      notes.missing(`enforcement unknown: ${why}`)
      const waypoint = { status: 'unknown', name, why } as const
      return unknownTarget({ kind: 'Gateway', name }, { enforcer: name, waypoint, why })
    }
  }
}

function ingressTarget(mesh: Mesh, gateway: Gateway, notes: Notes): EnforcementTarget {
  const name = shownName(gateway)
  const at = { kind: 'Gateway', name }
  const here = enforced(at, {
    enforcedBy: 'gateway',
    enforcer: name,
    why: `${gateway.gatewayClassName} is an ingress class: enforced at this gateway, not inside the mesh`,
  })
  if (isManaged(gateway)) return here
  const pods = mesh.get(handDeployedPods, gateway)
  if (!pods) {
    const why = `the workspace does not show whether its pods have the label ${GATEWAY_NAME}`
    notes.missing(`enforcement unknown: ${why}`)
    return unknownTarget(at, { enforcer: name, waypoint: NO_WAYPOINT, why })
  }
  if (pods.named.length === 0) return notEnforced(at, PODS_WITHOUT_NAME)
  return pods.unnamed.length === 0
    ? here
    : { ...here, why: `only some of its pods have the label ${GATEWAY_NAME}` }
}

/** Every waypoint of the mesh, which a policy for the class `istio-waypoint` applies to. */
function waypointTargets(mesh: Mesh): EnforcementTarget[] {
  return mesh
    .all('Gateway')
    .filter(
      ({ gatewayClassName }) =>
        mesh.get(classRole, gatewayClassName) === 'waypoint' &&
        mesh.get(enforcesPolicies, gatewayClassName),
    )
    .map((gateway) => waypointTarget(shownName(gateway)))
}

function waypointTarget(name: string): EnforcementTarget {
  return enforced(
    { kind: 'Gateway', name },
    {
      enforcedBy: 'waypoint',
      enforcer: name,
      waypoint: { status: 'bound', name, why: 'it is a waypoint itself' },
      why: `all traffic through ${name}`,
    },
  )
}
