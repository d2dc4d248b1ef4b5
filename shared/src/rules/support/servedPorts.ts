import type { Workload } from '../../inventory/workloads.js'
import type { Evidence } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { servicesOfWorkload, targetPortOf } from '../../mesh/services.js'
import type { Service } from '../../resources/service.js'
import type { WorkloadController } from '../../resources/workload.js'
import { quoted } from './words.js'

/**
 * The pods among workloads; empty if one of them declares no ports. Containers need not declare the
 * ports that they listen on, so a declared list is assumed to be complete.
 */
export function podsDeclaringPorts(workloads: readonly Workload[]): readonly WorkloadController[] {
  const pods = workloads.filter(
    (workload): workload is WorkloadController => workload.type !== 'WorkloadEntry',
  )
  return pods.every(declaresPorts) ? pods : []
}

function declaresPorts({
  template: { ports },
  placeholders,
  templatePath,
}: WorkloadController): boolean {
  return (
    ports.length > 0 &&
    ports.every(({ containerPort }) => containerPort > 0) &&
    !placeholders.some((path) => path.length > templatePath.length && path.includes('ports'))
  )
}

/**
 * Whether a workload listens on a port, or may do so: a pod that declares no ports, and a machine outside of
 * Kubernetes.
 */
export function mayListenOn(mesh: Mesh, workload: Workload, port: number): boolean {
  return (
    workload.type === 'WorkloadEntry' || !declaresPorts(workload) || listensOn(mesh, workload, port)
  )
}

/**
 * Whether a container, a probe, a scrape annotation or a Service shows that the pod listens on a
 * port.
 */
function listensOn(mesh: Mesh, pod: WorkloadController, port: number): boolean {
  const { ports, probes, annotations } = pod.template
  if (
    ports.some(({ containerPort }) => containerPort === port) ||
    probes.some((probe) => probe.port === port)
  )
    return true
  if (annotations?.['prometheus.io/port'] === String(port)) return true
  return mesh
    .get(servicesOfWorkload, pod)
    .some((service) =>
      service.ports.some(({ targetPort }) => targetPortOf(pod, targetPort) === port),
    )
}

/** A Service port and the different container port that it maps to. */
interface MappedPort {
  readonly service: Service
  readonly containerPort: number
}

/** The Service with a port, if all Services with this port map it to the same container port. */
export function serviceMappingPort(
  mesh: Mesh,
  pods: readonly Workload[],
  port: number,
): MappedPort | undefined {
  const found = pods.flatMap((pod) =>
    mesh.get(servicesOfWorkload, pod).flatMap((service) =>
      service.ports
        .filter((candidate) => candidate.port === port)
        .flatMap(({ targetPort }) => {
          const containerPort = targetPortOf(pod, targetPort)
          return containerPort === undefined ? [] : [{ service, containerPort }]
        }),
    ),
  )
  return new Set(found.map(({ containerPort }) => containerPort)).size === 1 ? found[0] : undefined
}

/** Evidence that no container has a port: the Service that maps it, and the container ports. */
export function portEvidence(
  pods: readonly WorkloadController[],
  port: number,
  mapped: MappedPort | undefined,
): Evidence[] {
  return [
    ...(mapped
      ? [
          {
            resource: mapped.service,
            path: ['spec', 'ports'],
            message: `This Service maps port ${String(port)} to container port ${String(mapped.containerPort)}.`,
          },
        ]
      : []),
    ...pods.slice(0, 3).map((pod) => ({
      resource: pod,
      path: [...pod.templatePath, 'spec', 'containers'],
      message: `Container ports of ${quoted(pod.name)}: ${portsIn(pod)}.`,
    })),
  ]
}

function portsIn({ template }: WorkloadController): string {
  return template.ports.map(({ containerPort }) => String(containerPort)).join(', ')
}
