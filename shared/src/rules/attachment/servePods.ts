import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import { waypointOfNamespace, waypointOfWorkload } from '../../mesh/waypoints.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Service } from '../../resources/service.js'
import type { Edit, Fix } from '../fix.js'
import { policiesNameOtherClients } from '../fixes/bindService.js'
import { changeWaypointFor } from '../fixes/changeWaypointFor.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'

/**
 * The edits that route traffic to the pods of a Service through its waypoint: the waypoint also
 * serves workloads, and pods that do not inherit the waypoint get its label. Undefined if the files
 * show no pods, if pods are on the host network, if some pods select another waypoint, or if policies
 * at ztunnel restrict the clients: ztunnel would see the waypoint instead of the client (docs/semantics.md §7).
 */
export function servePodsEdits(
  mesh: Mesh,
  service: Service,
  gateway: Gateway,
): Fix['edits'] | undefined {
  const workloads = mesh.get(workloadsOfService, service)
  const inherited = mesh.get(waypointOfNamespace, service.namespace)
  const inherits = inherited.status === 'bound' && inherited.gateway === gateway
  const affected = inherits ? mesh.workloadsAt(keys.workloads(service.namespace)) : workloads
  if (
    workloads.length === 0 ||
    workloads.some(
      (workload) =>
        mesh.get(waypointOfWorkload, workload).status === 'bound' ||
        hasOwnWaypoint(workload) ||
        isOnHostNetwork(workload),
    ) ||
    policiesNameOtherClients(mesh, affected, gateway)
  )
    return undefined
  return [
    ...(serves(mesh, gateway, 'workload') ? [] : changeWaypointFor(gateway, 'all').edits),
    ...(inherits ? [] : workloads.flatMap((workload) => labelWorkload(workload, gateway))),
  ]
}

function labelsPath(workload: Workload): readonly string[] {
  return [
    ...(workload.type === 'WorkloadEntry' ? [] : workload.templatePath.map(String)),
    'metadata',
    'labels',
  ]
}

function hasOwnWaypoint(workload: Workload): boolean {
  return (
    (workload.type === 'WorkloadEntry' ? workload.labels : workload.template.labels)?.[
      USE_WAYPOINT
    ] !== undefined
  )
}

/** ztunnel does not know the addresses of such pods (docs/semantics.md §2.8). */
function isOnHostNetwork(workload: Workload): boolean {
  return workload.type !== 'WorkloadEntry' && workload.template.hostNetwork
}

function labelWorkload(workload: Workload, gateway: Gateway): Edit[] {
  const label = (name: string, value: string): Edit => ({
    op: 'set',
    resource: workload,
    path: [...labelsPath(workload), name],
    value,
  })
  return [
    label(USE_WAYPOINT, gateway.name),
    ...(gateway.namespace === workload.namespace
      ? []
      : [label(USE_WAYPOINT_NAMESPACE, gateway.namespace)]),
  ]
}
