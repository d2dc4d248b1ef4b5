import type { KnownCertainty, Evidence } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { waypointFor } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { changeWaypointFor } from '../fixes/changeWaypointFor.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { targetWaypoint } from '../fixes/targetWaypoint.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { shownName } from '../support/resourceNames.js'
import { WAYPOINT_FOR } from '../../vocabulary/labels.js'
import { namesOtherNamespace, resolveTarget, serviceOf } from '../../waypoint/attachment.js'

export const serviceTargetOnWorkloadWaypoint = defineRule({
  name: 'service-target-on-workload-waypoint',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    for (const ref of policy.targetRefs) {
      if (isPlaceholder(ref.name) || namesOtherNamespace(policy, ref)) continue
      const target = serviceOf(resolveTarget(mesh, policy, ref))
      const found = target && workloadOnlyWaypoint(mesh, mesh.get(waypointOfService, target))
      if (!target || !found) continue
      const { gateway, certainty } = found
      const notEnforced = `This policy is not enforced for ${target.type} ${quoted(target.name)}`
      report({
        message: firstThatFits(
          `${notEnforced}: waypoint "${shownName(gateway)}" serves only workloads.`,
          `${notEnforced}: its waypoint serves only workloads.`,
        ),
        path: [...ref.path, 'name'],
        certainties: [certainty],
        related: evidenceOf(target, gateway),
        fixes: () =>
          rankFixes(
            changeWaypointFor(gateway, 'all'),
            // Requests to a Service with pods bypass the waypoint: its policies do not apply to them.
            mesh.get(workloadsOfService, target).length > 0
              ? undefined
              : targetWaypoint(policy, ref, gateway),
          ),
      })
    }
  },
})

/** The selected waypoint, if it serves only workloads. */
function workloadOnlyWaypoint(
  mesh: Mesh,
  binding: WaypointBinding,
): { readonly gateway: Gateway; readonly certainty: KnownCertainty } | undefined {
  if (binding.status !== 'error' || binding.reason !== 'UnsupportedTrafficType' || !binding.gateway)
    return undefined
  return mesh.get(waypointFor, binding.gateway) === 'workload'
    ? { gateway: binding.gateway, certainty: binding.certainty }
    : undefined
}

function evidenceOf(target: Service | ServiceEntry, gateway: Gateway): Evidence[] {
  return [
    {
      resource: target,
      path: ['metadata', 'name'],
      message: `${target.type} "${target.name}" is defined here.`,
    },
    {
      resource: gateway,
      path: ['metadata', 'labels', WAYPOINT_FOR],
      message: `Waypoint "${shownName(gateway)}" serves only workloads.`,
    },
  ]
}
