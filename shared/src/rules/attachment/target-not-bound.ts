import { keys } from '../../inventory/indexKeys.js'
import { assumed, type Evidence } from '../../mesh/certainty.js'
import { classRole } from '../../mesh/gatewayClass.js'
import { podLabels } from '../../mesh/pods.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import { isUnpublished, waypointOfService } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { serves, waypointFor } from '../../mesh/waypointGateway.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import { isExternalName, type Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { bindService } from '../fixes/bindService.js'
import { createWaypoint, enrolNamespace } from '../fixes/createWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { changesLabels } from '../../resources/otherObject.js'
import { defineRule, type Report } from '../rule.js'
import { mayBeUsedElsewhere, waypointUse } from '../support/waypointUse.js'
import { firstThatFits, quoted } from '../support/words.js'
import { shownName } from '../support/resourceNames.js'
import { USE_WAYPOINT } from '../../vocabulary/labels.js'
import { namesOtherNamespace, resolveTarget, serviceOf } from '../../waypoint/attachment.js'

export const targetNotBound = defineRule({
  name: 'target-not-bound',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    for (const ref of policy.targetRefs) {
      if (isPlaceholder(ref.name) || namesOtherNamespace(policy, ref)) continue
      const target = resolveTarget(mesh, policy, ref)
      const service = serviceOf(target)
      const found =
        target.kind === 'Gateway'
          ? unusedWaypoint(mesh, target.gateway)
          : service && unboundService(mesh, policy, service)
      if (found) report({ ...found, path: [...ref.path, 'name'] })
    }
  },
})

type Found = Omit<Report, 'path'>

/** A waypoint that no traffic passes. */
function unusedWaypoint(mesh: Mesh, gateway: Gateway): Found | undefined {
  if (
    mesh.get(classRole, gateway.gatewayClassName) !== 'waypoint' ||
    mesh.get(waypointUse, gateway) !== 'unused'
  )
    return undefined
  return {
    message: firstThatFits(
      `This policy is not enforced: no traffic passes waypoint "${shownName(gateway)}", because nothing is bound to it.`,
      'This policy is not enforced: no traffic passes its waypoint, because nothing is bound to it.',
    ),
    certainties: choosesByLabel(mesh, gateway.namespace)
      ? []
      : [assumed(`no script binds anything to waypoint "${shownName(gateway)}"`)],
    related: [
      {
        resource: gateway,
        path: ['metadata', 'name'],
        message: 'No namespace, Service or pod names this waypoint.',
      },
    ],
    fixes: () => rankFixes(enrolNamespace(mesh, gateway)),
  }
}

function unboundService(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  service: Service | ServiceEntry,
): Found | undefined {
  if (mesh.get(namespaceEnrolment, policy.namespace).certainty.level !== 'certain') return undefined
  const binding = mesh.get(waypointOfService, service)
  if (isExternalName(service) || isUnpublished(mesh, service) || !isUnbound(mesh, binding))
    return undefined
  if (binding.status === 'none' && mesh.all('Other').some(changesLabels)) return undefined
  const idle = idleWaypoint(mesh, service)
  if (idle && mayBeUsedElsewhere(mesh, idle)) return undefined
  const script =
    idle &&
    assumed(`no script binds ${service.type} "${service.name}" to waypoint "${shownName(idle)}"`)
  return {
    message:
      `This policy is not enforced for ${service.type} ${quoted(service.name)}, ` +
      'which is not bound to a waypoint.',
    certainties: [binding.certainty, ...(script ? [script] : [])],
    related: evidenceOf(mesh, service, binding),
    fixes: () =>
      rankFixes(
        bindService(mesh, service),
        service.labels?.[USE_WAYPOINT] === undefined
          ? createWaypoint(mesh, service.namespace)
          : undefined,
      ),
  }
}

/**
 * A waypoint that nothing in the files uses: a sign of labels that a script adds. Undefined where the
 * namespace has no such waypoint, or the files add labels.
 */
function idleWaypoint(mesh: Mesh, { namespace }: Service | ServiceEntry): Gateway | undefined {
  if (choosesByLabel(mesh, namespace)) return undefined
  return mesh
    .inNamespace('Gateway', namespace)
    .find(
      (gateway) =>
        mesh.get(classRole, gateway.gatewayClassName) === 'waypoint' &&
        serves(mesh, gateway, 'service') &&
        mesh.get(waypointUse, gateway) !== 'used',
    )
}

/** Whether an object of a namespace, or its Namespace, has a label that selects a waypoint. */
function choosesByLabel(mesh: Mesh, namespace: string): boolean {
  return [
    mesh.get(namespaceObject, namespace)?.labels,
    ...mesh.inNamespace('Service', namespace).map(({ labels }) => labels),
    ...mesh.inNamespace('ServiceEntry', namespace).map(({ labels }) => labels),
    ...mesh.workloadsAt(keys.workloads(namespace)).map(podLabels),
  ].some((labels) => labels?.[USE_WAYPOINT] !== undefined)
}

type Unbound = Extract<WaypointBinding, { status: 'none' | 'error' }>

/** False for a waypoint that serves only workloads: another rule reports it. */
function isUnbound(mesh: Mesh, binding: WaypointBinding | undefined): binding is Unbound {
  if (binding?.status === 'none') return true
  if (binding?.status !== 'error') return false
  return !(
    binding.reason === 'UnsupportedTrafficType' &&
    binding.gateway &&
    mesh.get(waypointFor, binding.gateway) === 'workload'
  )
}

function evidenceOf(mesh: Mesh, target: Service | ServiceEntry, binding: Unbound): Evidence[] {
  const optsOut = binding.status === 'none' && target.labels?.[USE_WAYPOINT] === 'none'
  const found = [
    {
      resource: target,
      path: ['metadata', 'name'],
      message: `${target.type} "${target.name}" ${optsOut ? 'opts out of waypoints' : 'is defined here'}.`,
    },
  ]
  if (binding.status === 'error')
    return [
      ...found,
      {
        resource: binding.choice.resource,
        path: binding.choice.path,
        message:
          `This label selects waypoint "${shownName(binding.choice)}", ` +
          `which cannot be used (${binding.reason}).`,
      },
    ]
  const namespace = optsOut ? undefined : mesh.get(namespaceObject, target.namespace)
  return [
    ...found,
    ...(namespace
      ? [
          {
            resource: namespace,
            path: ['metadata', 'labels'],
            message: `Namespace "${namespace.name}" selects no waypoint.`,
          },
        ]
      : []),
  ]
}
