import type { Evidence } from '../../mesh/certainty.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { waypointFor } from '../../mesh/waypointGateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { bindService } from '../fixes/bindService.js'
import { createWaypoint } from '../fixes/createWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { quoted } from '../support/words.js'
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
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    if (mesh.get(namespaceEnrolment, policy.namespace).certainty.level !== 'certain') return
    for (const ref of policy.targetRefs) {
      if (isPlaceholder(ref.name) || namesOtherNamespace(policy, ref)) continue
      const target = serviceOf(resolveTarget(mesh, policy, ref))
      const binding = target && mesh.get(waypointOfService, target)
      if (!target || isExternalName(target) || !isUnbound(mesh, binding)) continue
      report({
        message:
          `This policy is not enforced for ${target.type} ${quoted(target.name)}, ` +
          'which is not bound to a waypoint.',
        path: [...ref.path, 'name'],
        certainties: [binding.certainty],
        related: evidenceOf(mesh, target, binding),
        fixes: () =>
          rankFixes(
            bindService(mesh, target),
            target.labels?.[USE_WAYPOINT] === undefined
              ? createWaypoint(mesh, target.namespace)
              : undefined,
          ),
      })
    }
  },
})

function isExternalName(target: Service | ServiceEntry): boolean {
  return target.type === 'Service' && target.serviceType === 'ExternalName'
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
