import type { Workload } from '../../inventory/workloads.js'
import type { Evidence } from '../../mesh/certainty.js'
import { describedForWorkloads } from '../../mesh/described.js'
import {
  enrolmentOf,
  namespaceEnrolment,
  namespaceObject,
  podLabels,
} from '../../mesh/enrolment.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { namespaceLabel } from '../../resources/namespaceId.js'
import type { WorkloadController } from '../../resources/workload.js'
import type { Edit, Fix } from '../fix.js'
import { DATAPLANE_MODE } from '../../vocabulary/labels.js'

/** Pods that surely run neither in ambient nor with a proxy of their own. */
export interface Outsiders {
  readonly workloads: readonly WorkloadController[]
  readonly evidence: readonly Evidence[]
}

/**
 * The workloads, where every one of them is surely outside the mesh: by its own label or that of its Namespace. Undefined where one is not, where there is
 * none, and for what has an identity without being captured: gateways, proxies that somebody runs by hand, machines outside the cluster.
 */
export function allOutside(mesh: Mesh, workloads: readonly Workload[]): Outsiders | undefined {
  const outside: WorkloadController[] = []
  for (const workload of workloads) {
    if (!isOutside(mesh, workload)) return undefined
    outside.push(workload)
  }
  if (outside.length === 0) return undefined
  const evidence = outside.flatMap((workload) => mesh.get(enrolmentOf, workload).evidence)
  return {
    workloads: outside,
    evidence: [...new Map(evidence.map((item) => [item.resource, item])).values()].slice(0, 3),
  }
}

function isOutside(mesh: Mesh, workload: Workload): workload is WorkloadController {
  if (
    workload.type === 'WorkloadEntry' ||
    isGatewayPod(podLabels(workload)) ||
    workload.template.containers.includes('istio-proxy')
  )
    return false
  // Which namespaces the CNI leaves out, an install elsewhere may say otherwise.
  if (mesh.settings.cniExcludeNamespaces.includes(workload.namespace)) return false
  const { mode, certainty } = mesh.get(enrolmentOf, workload)
  return mode === 'none' && certainty.level === 'certain'
}

/** Whether a namespace has no captured pods that the files do not show. */
export function hidesNoCaptured(mesh: Mesh, namespace: string): boolean {
  const { mode, certainty } = mesh.get(namespaceEnrolment, namespace)
  return (
    (mode === 'none' && certainty.level === 'certain') || mesh.get(describedForWorkloads, namespace)
  )
}

/** Enrols the namespace of workloads, or the workloads where their own label keeps them out. Never safe: their traffic takes another way. */
export function enrol(mesh: Mesh, { workloads }: Outsiders): Fix | undefined {
  const [first] = workloads
  if (!first) return undefined
  const own = workloads.flatMap((workload): Edit[] =>
    podLabels(workload)?.[DATAPLANE_MODE] === undefined
      ? []
      : [
          {
            op: 'set',
            resource: workload,
            path: [...workload.templatePath, 'metadata', 'labels', DATAPLANE_MODE],
            value: 'ambient',
          },
        ],
  )
  if (own.length === workloads.length)
    return {
      title:
        own.length === 1 ? 'Take the workload into ambient' : 'Take the workloads into ambient',
      preferred: true,
      safe: false,
      edits: own,
    }
  const namespace = mesh.get(namespaceObject, first.namespace)
  if (
    own.length > 0 ||
    !namespace ||
    workloads.some(
      (workload) => workload.namespace !== first.namespace || workload.template.hostNetwork,
    )
  )
    return undefined
  return {
    title: `Take ${namespaceLabel(first.namespace)} into ambient`,
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'set',
        resource: namespace,
        path: ['metadata', 'labels', DATAPLANE_MODE],
        value: 'ambient',
      },
    ],
  }
}
