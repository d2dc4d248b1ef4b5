import type { Workload } from '../../inventory/workloads.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { query } from '../../mesh/mesh.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { podLabels } from '../../mesh/pods.js'
import { policyClassOf, serviceClassOf, workloadsWithLabels } from '../../mesh/selectorClasses.js'
import { waypointOfNamespace, waypointOfWorkload } from '../../mesh/waypoints.js'
import { groupBy } from '../../text/collections.js'
import { GATEWAY_NAME } from '../../vocabulary/labels.js'

/**
 * The workloads of a `selectorKey`, grouped into classes: all workloads of a class have the same
 * policies, Services, ports, enrolment and waypoint, so that one of them shows how traffic reaches all.
 */
export const trafficClassesOf = query(
  'traffic classes of selection',
  (mesh, selection: string): readonly (readonly Workload[])[] => [
    ...groupBy(mesh.get(workloadsWithLabels, selection), (workload) =>
      mesh.get(trafficClassOf, workload),
    ).values(),
  ],
)

const trafficClassOf = query('traffic class', (mesh, workload: Workload): string => {
  const { file, document, ordinal } = workload.origin
  const own = `${file} ${String(document)} ${String(ordinal)}`
  if (workload.type === 'WorkloadEntry' || workload.placeholders.length > 0) return own
  const { namespace, template } = workload
  // What is written on the workload itself is evidence that other workloads do not have.
  if (mesh.get(enrolmentOf, workload) !== mesh.get(namespaceEnrolment, namespace)) return own
  const waypoint = mesh.get(waypointOfWorkload, workload)
  if (waypoint.status !== 'none' && waypoint !== mesh.get(waypointOfNamespace, namespace))
    return own
  return [
    mesh.get(policyClassOf, workload),
    mesh.get(serviceClassOf, workload),
    podLabels(workload)?.[GATEWAY_NAME] ?? '',
    waypoint.status,
    JSON.stringify(template.ports),
  ].join('\n')
})
