import { classRole, isManaged } from '../mesh/gatewayClass.js'
import { handDeployedPods } from '../mesh/gatewayPods.js'
import { isRejected } from '../resources/rejected.js'
import { explainRejectedSubject } from './rejectedObject.js'
import type { Mesh } from '../mesh/mesh.js'
import { servicesOfWaypoint } from '../mesh/waypoints.js'
import { waypointFor, hboneListener } from '../mesh/waypointGateway.js'
import type { Gateway, GatewayClass } from '../resources/gateway.js'
import {
  policiesAtConnect,
  policiesAtWaypoint,
  policiesOfService,
} from '../waypoint/attachedPolicies.js'
import { hasLayeredPolicies, resolveTarget } from '../waypoint/attachment.js'
import { targetKind } from '../vocabulary/kinds.js'
import { LAYERED_IS_UNKNOWN } from '../access/evaluateAtEnvoy.js'
import { OTHER_CLASS, PODS_WITHOUT_NAME, whyClassNotEnforced } from './policy/referencedTargets.js'
import type { AppliedPolicyExplanation, SubjectExplanation } from './explanation.js'
import {
  enforcedAtWaypoint,
  mergePolicies,
  notEnforcedAtClass,
  requiredTokenFacts,
} from './support/appliedPolicies.js'
import { count, Notes, sentence, shownName, shownNamespace } from './support/notes.js'
import { principalOfGateway } from './support/waypointWords.js'
import { WAYPOINT_CLASS } from '../vocabulary/gatewayClasses.js'

const OTHER_ROLES = {
  ingress: 'is for ingress gateways, not for waypoints',
  'east-west': 'is for east-west gateways, not for waypoints',
  unknown: 'is not known',
} as const

/** The traffic and the policies of a waypoint; for another Gateway its role. */
export function explainGateway(mesh: Mesh, gateway: Gateway): SubjectExplanation {
  if (isRejected(gateway)) return explainRejectedSubject(gateway)
  const notes = new Notes()
  const role = mesh.get(classRole, gateway.gatewayClassName)
  const services = role === 'waypoint' ? mesh.get(servicesOfWaypoint, gateway) : []
  const policies =
    role === 'waypoint'
      ? policiesAt(mesh, gateway)
      : policiesAtWaypoint(mesh, { gateway, service: undefined })
          .filter((policy) => policy.targetRefs.some(({ kind }) => kind === 'Gateway'))
          .map((policy) => atIngress(mesh, policy, gateway))
  const identity = principalOfGateway(mesh, gateway, notes)
  if (role === 'unknown')
    notes.missing(
      `role unknown: the class "${gateway.gatewayClassName}" is not Istio's, and the workspace has no such class`,
    )
  const facts =
    role === 'waypoint'
      ? waypointFacts(mesh, gateway, identity)
      : [`the class "${gateway.gatewayClassName}" ${OTHER_ROLES[role]}`]
  return {
    kind: 'Gateway',
    namespace: shownNamespace(gateway.namespace),
    name: gateway.name,
    summary:
      role === 'waypoint'
        ? `${count(services.length, 'service')} · ${count(policies.length, 'policy')}`
        : count(policies.length, 'policy'),
    enrolment: null,
    waypoint: null,
    members: services.length > 0 ? { label: 'Services', names: services.map(shownName) } : null,
    mutualTls: [],
    policies,
    status: null,
    facts: facts.map(sentence),
    ...notes.result(),
  }
}

/** Policies that target the waypoint or a Service that uses it. */
function policiesAt(mesh: Mesh, gateway: Gateway): AppliedPolicyExplanation[] {
  const forServices = mesh
    .get(servicesOfWaypoint, gateway)
    .flatMap((service) =>
      policiesOfService(mesh, service).map((policy) =>
        enforcedAtWaypoint(mesh, policy, gateway, `for ${service.type} ${shownName(service)}`),
      ),
    )
  return mergePolicies([
    [
      ...policiesAtWaypoint(mesh, { gateway, service: undefined }).map((policy) =>
        enforcedAtWaypoint(mesh, policy, gateway, 'for all its traffic'),
      ),
      ...forServices,
      ...layeredPoliciesAt(mesh, gateway),
    ],
  ])
}

/** Policies without targetRefs that the waypoint's CONNECT layer may enforce. */
function layeredPoliciesAt(mesh: Mesh, gateway: Gateway): AppliedPolicyExplanation[] {
  if (!hasLayeredPolicies(mesh)) return []
  return policiesAtConnect(mesh, gateway)
    .filter(({ targetRefs }) => targetRefs.length === 0)
    .map((policy) => ({
      ...enforcedAtWaypoint(mesh, policy, gateway, LAYERED_IS_UNKNOWN),
      enforcedBy: 'unknown',
      sourceIdentity: 'unknown',
    }))
}

function atIngress(
  mesh: Mesh,
  policy: Parameters<typeof enforcedAtWaypoint>[1],
  gateway: Gateway,
): AppliedPolicyExplanation {
  const target = enforcedAtWaypoint(mesh, policy, gateway, 'targets it')
  const pods = mesh.get(handDeployedPods, gateway)
  if (pods && pods.named.length === 0)
    return {
      ...target,
      enforcedBy: 'nobody',
      enforcer: null,
      sourceIdentity: null,
      why: PODS_WITHOUT_NAME,
    }
  const isKnown =
    mesh.get(classRole, gateway.gatewayClassName) !== 'unknown' &&
    (isManaged(gateway) || pods !== undefined)
  return { ...target, enforcedBy: isKnown ? 'gateway' : 'unknown' }
}

function waypointFacts(mesh: Mesh, gateway: Gateway, identity: string): string[] {
  const served = mesh.get(waypointFor, gateway)
  const words: Readonly<Record<string, string>> = {
    service: 'traffic to Services',
    workload: 'traffic to pod addresses',
    all: 'traffic to Services and to pod addresses',
    none: 'no traffic',
  }
  const listener = hboneListener(gateway)
  const from = listener?.allowedRoutes.from ?? 'Same'
  const allowed: Readonly<Record<string, string>> = {
    Same: 'its own namespace',
    All: 'every namespace',
    Selector: 'the namespaces with the labels of its selector',
  }
  return [
    ...requiredTokenFacts(mesh, { gateway, service: undefined }),
    `ztunnels behind it see ${identity} instead of the client`,
    `serves ${words[served] ?? `no traffic, because istio.io/waypoint-for is "${served}"`}`,
    listener
      ? `can be used from ${allowed[from] ?? 'no namespace'}`
      : 'has no HBONE listener on port 15008: no traffic reaches it',
    notEnforcedAtClass(mesh, gateway) !== undefined
      ? `its class ${gateway.gatewayClassName} enforces no AuthorizationPolicy and no RequestAuthentication`
      : hasLayeredPolicies(mesh)
        ? `policies without targetRefs may be enforced here: ${LAYERED_IS_UNKNOWN}`
        : 'policies without targetRefs are not enforced here',
  ]
}

const CLASS_ROLES = {
  waypoint: 'for waypoints',
  ingress: 'for ingress gateways',
  'east-west': 'for east-west gateways',
  unknown: 'role unknown',
} as const

/** The role of the Gateways of a class, and the policies for all of them. */
export function explainGatewayClass(mesh: Mesh, gatewayClass: GatewayClass): SubjectExplanation {
  const notes = new Notes()
  const role = mesh.get(classRole, gatewayClass.name)
  const gateways = mesh
    .all('Gateway')
    .filter((gateway) => gateway.gatewayClassName === gatewayClass.name)
  const targeting = mesh.all('AuthorizationPolicy').flatMap((policy) => {
    const ref = policy.targetRefs.find(
      ({ group, kind, name }) =>
        targetKind(group, kind) === 'GatewayClass' && name === gatewayClass.name,
    )
    return ref ? [{ policy, why: whyClassNotEnforced(resolveTarget(mesh, policy, ref)) }] : []
  })
  if (role === 'unknown')
    notes.missing(`role unknown: the controller "${gatewayClass.controllerName}" is not Istio's`)
  const policies = targeting.map(({ policy, why }): AppliedPolicyExplanation => ({
    kind: policy.type,
    name: shownName(policy),
    action: policy.action,
    enforcedBy: why === undefined ? 'waypoint' : 'nobody',
    enforcer: null,
    sourceIdentity: why === undefined ? 'client' : null,
    why: why ?? 'all waypoints',
  }))
  return {
    kind: 'GatewayClass',
    namespace: null,
    name: gatewayClass.name,
    summary: [
      CLASS_ROLES[role],
      count(gateways.length, 'gateway'),
      count(policies.length, 'policy'),
    ].join(' · '),
    enrolment: null,
    waypoint: null,
    members: gateways.length > 0 ? { label: 'Gateways', names: gateways.map(shownName) } : null,
    mutualTls: [],
    policies,
    status: null,
    facts:
      role === 'waypoint' && gatewayClass.name !== WAYPOINT_CLASS
        ? [sentence(`a policy with targetRefs to this class is not enforced: ${OTHER_CLASS}`)]
        : [],
    ...notes.result(),
  }
}
