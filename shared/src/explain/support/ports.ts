import type { Workload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload, targetPortOf } from '../../mesh/services.js'

/** The TCP ports of a workload in ascending order: its container ports and the target ports of its Services. */
export function portsOf(mesh: Mesh, workload: Workload): number[] {
  const own =
    workload.type === 'WorkloadEntry'
      ? Object.values(workload.ports).map(Number).filter(Number.isInteger)
      : workload.template.ports
          .filter(({ protocol }) => protocol === 'TCP')
          .map(({ containerPort }) => containerPort)
  const served = mesh
    .get(servicesOfWorkload, workload)
    .flatMap((service) =>
      service.ports
        .filter(({ protocol }) => protocol === 'TCP')
        .map(({ targetPort }) => targetPortOf(workload, targetPort)),
    )
  return [...new Set([...own, ...served.filter((port) => port !== undefined)])].sort(
    (a, b) => a - b,
  )
}
