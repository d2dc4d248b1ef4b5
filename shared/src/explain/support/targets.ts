import type { Workload } from '../../inventory/workloads.js'
import { isDiscovered } from '../../mesh/namespaces.js'
import { podLabels } from '../../mesh/pods.js'
import { classRole, isGatewayPod } from '../../mesh/gatewayClass.js'
import { describedForWorkloads } from '../../mesh/described.js'
import type { Mesh } from '../../mesh/mesh.js'
import { isGatewayPolicy, scopeOf, workloadsOfPolicy } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import type { NotSent } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { EnforcementTarget, WaypointExplanation } from '../explanation.js'
import { enforcerOf, explainEnrolment, explainNamespaceEnrolment } from './enrolmentWords.js'
import { serviceWaypointOf, waysTo } from './paths.js'
import { namespaceLabel, shownName, type Notes } from './notes.js'
import { explainWaypoint } from './waypointWords.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import { targetKind } from '../../vocabulary/kinds.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'
import { RELEASE_FACTS } from '../../vocabulary/releases.js'
import {
  hasLayeredPolicies,
  resolveTarget,
  serviceOf,
  waypointOfTarget,
  type NoTarget,
  type ServiceTarget,
  type Target,
} from '../../waypoint/attachment.js'
import { showsAllTargets } from '../../waypoint/targetNames.js'
import { LAYERED_IS_UNKNOWN } from '../../access/evaluateAtEnvoy.js'

const NO_WAYPOINT: WaypointExplanation = { status: 'none', name: null, why: '' }

/** The targets of a policy, with the proxy that enforces it there (docs/semantics.md §3.2). */
export function targetsOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  notes: Notes,
): EnforcementTarget[] {
  if (policy.targetRefs.length > 0)
    return policy.targetRefs.flatMap((ref) => targetsOfRef(mesh, policy, ref, notes))
  if (!mesh.get(isDiscovered, policy.namespace)) return []
  const workloads = mesh
    .get(workloadsOfPolicy, policy)
    .flatMap((workload) => targetsAt(mesh, policy, workload, notes))
  return [...workloads, ...gatewaysOf(mesh, policy)]
}

/** The target of a policy for workloads or gateways that are not in the files; undefined if the files show them. */
export function unseenTarget(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  notes: Notes,
): EnforcementTarget | undefined {
  const { namespace } = policy
  if (policy.targetRefs.length > 0 || mesh.get(workloadsOfPolicy, policy).length > 0)
    return undefined
  const unseen = {
    name: 'not in the workspace',
    waypoint: NO_WAYPOINT,
    enforcer: null,
    sourceIdentity: 'client',
  }
  if (mesh.get(isGatewayPolicy, policy)) {
    if (mesh.world === 'closed' || gatewaysOf(mesh, policy).length > 0) return undefined
    notes.missing('gateways unknown: the workspace has no pods with the labels of its selector')
    return {
      ...unseen,
      kind: 'Gateway',
      enforcedBy: 'gateway',
      why: 'its selector has the labels of a gateway',
    }
  }
  const scope = scopeOf(mesh, policy)
  if (scope === 'nothing' || scope === 'mesh') return undefined
  const filledIn = Object.values(policy.selector?.matchLabels ?? {}).some(isPlaceholder)
  if (!filledIn && mesh.get(describedForWorkloads, namespace)) return undefined
  notes.missing(
    `workloads unknown: ${filledIn ? 'another tool fills in the selector' : `none ${scope === 'namespace' ? `of ${namespaceLabel(namespace)}` : 'with the labels of its selector'} in the workspace`}`,
  )
  const enrolment = explainNamespaceEnrolment(mesh, namespace, notes)
  const enforcedBy = enforcerOf(enrolment.mode)
  const { notSent } = mesh.get(conversionOf, policy)
  const here = { ...unseen, kind: 'Workload', enforcedBy, why: enrolment.why }
  if (enforcedBy === 'destination ztunnel' && notSent)
    return { ...here, enforcedBy: 'nobody', sourceIdentity: null, why: NOT_SENT[notSent] }
  if (enforcedBy === 'nobody' || enforcedBy === 'sidecar')
    return { ...here, sourceIdentity: enforcedBy === 'nobody' ? null : 'client' }
  const waypoint = explainWaypoint(mesh, serviceWaypointOf(mesh, namespace), { namespace }, notes)
  return { ...here, waypoint, sourceIdentity: waypoint.status === 'unknown' ? 'unknown' : 'client' }
}

/** Why ztunnel does not receive a policy. */
export const NOT_SENT: Readonly<Record<NotSent, string>> = {
  targetRefs: 'istiod does not send policies with targetRefs to ztunnel',
  action: 'ztunnel supports only ALLOW and DENY',
  'dry-run': 'istiod does not send dry-run policies to ztunnel',
}

function targetsAt(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  workload: Workload,
  notes: Notes,
): EnforcementTarget[] {
  const at = { kind: workload.type, name: shownName(workload) }
  const labels = podLabels(workload)
  if (isGatewayPod(labels)) return [gatewayPod(mesh, workload, labels?.[GATEWAY_NAME])]
  const enrolment = explainEnrolment(mesh, workload, notes)
  const enforcedBy = enforcerOf(enrolment.mode)
  if (enforcedBy === 'nobody' || enforcedBy === 'sidecar') {
    return [
      {
        ...at,
        waypoint: NO_WAYPOINT,
        enforcedBy,
        enforcer: null,
        sourceIdentity: enforcedBy === 'sidecar' ? 'client' : null,
        why: enrolment.why,
      },
    ]
  }
  const { notSent } = mesh.get(conversionOf, policy)
  if (notSent)
    return [
      {
        ...at,
        waypoint: NO_WAYPOINT,
        enforcedBy: 'nobody',
        enforcer: null,
        sourceIdentity: null,
        why: NOT_SENT[notSent],
      },
    ]
  return waysTo(mesh, workload, notes).map(({ waypoint, identity }) => ({
    ...at,
    waypoint,
    enforcedBy,
    enforcer: null,
    sourceIdentity: identity,
    why: enrolment.why,
  }))
}

function gatewayPod(
  mesh: Mesh,
  workload: Workload,
  gatewayName: string | undefined,
): EnforcementTarget {
  const gateway =
    gatewayName === undefined ? undefined : mesh.named('Gateway', workload.namespace, gatewayName)
  const at = { kind: workload.type, name: shownName(workload), waypoint: NO_WAYPOINT }
  if (gateway && mesh.get(classRole, gateway.gatewayClassName) === 'waypoint') {
    if (hasLayeredPolicies(mesh))
      return {
        ...at,
        enforcedBy: 'unknown',
        enforcer: shownName(gateway),
        sourceIdentity: 'unknown',
        why: LAYERED_IS_UNKNOWN,
      }
    return {
      ...at,
      enforcedBy: 'nobody',
      enforcer: null,
      sourceIdentity: null,
      why: 'waypoints ignore policies without targetRefs',
    }
  }
  return {
    ...at,
    enforcedBy: 'gateway',
    enforcer: gateway ? shownName(gateway) : null,
    sourceIdentity: 'client',
    why: 'its pods are those of a gateway',
  }
}

/**
 * Gateways of the Gateway API that istiod deploys and that a policy without targetRefs reaches by their labels.
 * Waypoints never are.
 */
function gatewaysOf(mesh: Mesh, policy: AuthorizationPolicy): EnforcementTarget[] {
  const settings = mesh.settings
  if (
    !settings.flag('ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY') ||
    (scopeOf(mesh, policy) === 'nothing' && !mesh.get(isGatewayPolicy, policy))
  )
    return []
  const gateways =
    policy.namespace === settings.rootNamespace
      ? mesh.all('Gateway')
      : mesh.inNamespace('Gateway', policy.namespace)
  const reached = gateways.filter(
    (gateway) =>
      mesh.get(classRole, gateway.gatewayClassName) === 'ingress' &&
      selectsGateway(policy, gateway),
  )
  return reached.map((gateway) => ({
    kind: 'Gateway',
    name: shownName(gateway),
    waypoint: NO_WAYPOINT,
    enforcedBy: 'gateway',
    enforcer: shownName(gateway),
    sourceIdentity: 'client',
    why: 'it is an ingress gateway in its scope',
  }))
}

function selectsGateway({ selector }: AuthorizationPolicy, gateway: Gateway): boolean {
  if (!selector) return true
  return (
    !isEmptyLabels(selector.matchLabels) &&
    matchesLabels(selector.matchLabels, {
      ...gateway.labels,
      ...gateway.infrastructureLabels,
      [GATEWAY_NAME]: gateway.name,
    })
  )
}

function targetsOfRef(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
  notes: Notes,
): EnforcementTarget[] {
  const nobody = (why: string): EnforcementTarget => ({
    ...at(policy, ref),
    waypoint: NO_WAYPOINT,
    enforcedBy: 'nobody',
    enforcer: null,
    sourceIdentity: null,
    why,
  })
  const target = resolveTarget(mesh, policy, ref)
  switch (target.kind) {
    case 'Service':
    case 'ServiceEntry':
    case 'generated Service':
      return [serviceTarget(mesh, policy, { ref, target, notes })]
    case 'Gateway':
      return [gatewayEnforces(mesh, target.gateway, notes)]
    case 'GatewayClass':
      return target.isEnforced ? waypointsOfMesh(mesh) : [nobody(OTHER_CLASS)]
    case 'none':
      return [
        target.reason === 'not found' && ref.kind !== 'GatewayClass'
          ? missing(mesh, policy, { ref, notes })
          : nobody(WHY_NONE[target.reason]),
      ]
  }
}

/** Why waypoints do not enforce a policy for a GatewayClass; undefined where they do. */
export function whyClassNotEnforced(target: Target): string | undefined {
  if (target.kind === 'none') return WHY_NONE[target.reason]
  return target.kind === 'GatewayClass' && target.isEnforced ? undefined : OTHER_CLASS
}

const OTHER_CLASS = `waypoints obey policies for the class ${WAYPOINT_CLASS} only`
const WHY_NONE: Readonly<Record<NoTarget, string>> = {
  'unsupported kind': 'Istio knows no such target',
  'other namespace': 'a policy reaches only Gateways of its own namespace',
  'outside root namespace': 'only policies in the root namespace reach a GatewayClass',
  'unsupported by release': `policies can target a GatewayClass since Istio ${RELEASE_FACTS.gatewayClassTargets.since}`,
  'not found': OTHER_CLASS,
}

function at(
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
): Pick<EnforcementTarget, 'kind' | 'name'> {
  return {
    kind: ref.kind,
    name:
      ref.kind === 'GatewayClass'
        ? ref.name
        : shownName({ namespace: policy.namespace, name: ref.name }),
  }
}

interface Reference {
  readonly ref: PolicyTargetReference
  readonly notes: Notes
}

function serviceTarget(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { ref, target, notes }: Reference & { readonly target: ServiceTarget },
): EnforcementTarget {
  const service = serviceOf(target)
  const binding = waypointOfTarget(mesh, policy.namespace, target)
  const waypoint = explainWaypoint(mesh, binding, service ?? policy, notes)
  const here = { ...at(policy, ref), waypoint }
  if (waypoint.status === 'unknown')
    return {
      ...here,
      enforcedBy: 'unknown',
      enforcer: null,
      sourceIdentity: 'unknown',
      why: waypoint.why,
    }
  if (waypoint.status !== 'bound')
    return {
      ...here,
      enforcedBy: 'nobody',
      enforcer: null,
      sourceIdentity: null,
      why: `no waypoint: ${waypoint.why}`,
    }
  if (service?.type === 'Service' && service.headless) {
    return {
      ...here,
      enforcedBy: 'nobody',
      enforcer: null,
      sourceIdentity: null,
      why: 'a headless Service has no address: its traffic goes directly to the pods and bypasses the waypoint',
    }
  }
  return {
    ...here,
    enforcedBy: 'waypoint',
    enforcer: waypoint.name,
    sourceIdentity: 'client',
    why: waypoint.why,
  }
}

function missing(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { ref, notes }: Reference,
): EnforcementTarget {
  const kind = targetKind(ref.group, ref.kind)
  const known = kind !== undefined && showsAllTargets(mesh, policy.namespace, kind)
  const here = at(policy, ref)
  const filledIn = isPlaceholder(ref.name)
  const why = filledIn
    ? 'another tool fills in the name of its target'
    : `no ${ref.kind} ${here.name} in the workspace`
  if (known && !filledIn)
    return {
      ...here,
      waypoint: NO_WAYPOINT,
      enforcedBy: 'nobody',
      enforcer: null,
      sourceIdentity: null,
      why,
    }
  notes.missing(`target unknown: ${why}`)
  return {
    ...here,
    waypoint: { status: 'unknown', name: null, why },
    enforcedBy: 'unknown',
    enforcer: null,
    sourceIdentity: 'unknown',
    why,
  }
}

function gatewayEnforces(mesh: Mesh, gateway: Gateway, notes: Notes): EnforcementTarget {
  const name = shownName(gateway)
  const here = { kind: 'Gateway', name, enforcer: name, sourceIdentity: 'client' }
  const role = mesh.get(classRole, gateway.gatewayClassName)
  if (role === 'waypoint')
    return {
      ...here,
      waypoint: { status: 'bound', name, why: 'it is a waypoint itself' },
      enforcedBy: 'waypoint',
      why: `all traffic through ${name}`,
    }
  if (role === 'ingress')
    return {
      ...here,
      waypoint: NO_WAYPOINT,
      enforcedBy: 'gateway',
      why: `${gateway.gatewayClassName} is an ingress class: enforced at this gateway, not inside the mesh`,
    }
  if (role === 'east-west')
    return {
      ...here,
      waypoint: NO_WAYPOINT,
      enforcedBy: 'gateway',
      why: 'it is an east-west gateway',
    }
  const why = `the class "${gateway.gatewayClassName}" is not known`
  notes.missing(`enforcement unknown: ${why}`)
  return {
    ...here,
    waypoint: { status: 'unknown', name: null, why },
    enforcedBy: 'unknown',
    enforcer: null,
    sourceIdentity: 'unknown',
    why,
  }
}

/** Whom a policy for the class `istio-waypoint` in the root namespace reaches: every waypoint. */
function waypointsOfMesh(mesh: Mesh): EnforcementTarget[] {
  const waypoints = mesh
    .all('Gateway')
    .filter((gateway) => mesh.get(classRole, gateway.gatewayClassName) === 'waypoint')
  return waypoints.map((gateway) => {
    const name = shownName(gateway)
    return {
      kind: 'Gateway',
      name,
      waypoint: { status: 'bound', name, why: 'it is a waypoint itself' },
      enforcedBy: 'waypoint',
      enforcer: name,
      sourceIdentity: 'client',
      why: `all traffic through ${name}`,
    }
  })
}
