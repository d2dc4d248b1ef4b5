import { workloadsWithLabels } from '../../mesh/selectorClasses.js'
import type { Workload } from '../../inventory/workloads.js'
import type { Evidence } from '../../mesh/certainty.js'
import { describedForWorkloads } from '../../mesh/described.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { podLabels } from '../../mesh/pods.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { namespaceLabel } from '../../resources/namespaceId.js'
import { changesLabels, letsMachinesJoin } from '../../resources/otherObject.js'
import type { WorkloadController } from '../../resources/workload.js'
import type { Edit, Fix } from '../fix.js'
import { DATAPLANE_MODE } from '../../vocabulary/labels.js'

/** Workloads that certainly have neither ambient mode nor a sidecar. */
export interface WorkloadsOutsideMesh {
  readonly workloads: readonly WorkloadController[]
  readonly evidence: readonly Evidence[]
}

/**
 * The workloads, if all of them are certainly outside the mesh by their own label or that of their
 * Namespace. Undefined if one is not or may not be, if there is none, and for workloads that have
 * an identity without capture: gateways, proxies that are deployed manually, and machines outside
 * the cluster, which may join with a WorkloadGroup.
 */
export function ifAllOutsideMesh(
  mesh: Mesh,
  workloads: readonly Workload[],
): WorkloadsOutsideMesh | undefined {
  const outside: WorkloadController[] = []
  for (const workload of workloads) {
    if (!isOutsideMesh(mesh, workload)) return undefined
    outside.push(workload)
  }
  if (outside.length === 0) return undefined
  const evidence = outside.flatMap((workload) => mesh.get(enrolmentOf, workload).evidence)
  return {
    workloads: outside,
    evidence: [...new Map(evidence.map((item) => [item.resource, item])).values()].slice(0, 3),
  }
}

/**
 * The same for the workloads of a `selectorKey`: policies and Services with equal selectors share it.
 * Undefined where a label is missing that an admission controller or a kustomization may add.
 */
export const outsidersOf = query(
  'selected workloads outside of mesh',
  (mesh, selection: string): WorkloadsOutsideMesh | undefined => {
    const found = ifAllOutsideMesh(mesh, mesh.get(workloadsWithLabels, selection))
    const isMissing = (workload: WorkloadController): boolean =>
      podLabels(workload)?.[DATAPLANE_MODE] === undefined &&
      mesh.get(namespaceObject, workload.namespace)?.labels?.[DATAPLANE_MODE] === undefined
    return found?.workloads.some(isMissing) && mesh.all('Other').some(changesLabels)
      ? undefined
      : found
  },
)

function isOutsideMesh(mesh: Mesh, workload: Workload): workload is WorkloadController {
  if (
    workload.type === 'WorkloadEntry' ||
    isGatewayPod(podLabels(workload)) ||
    workload.template.containers.includes('istio-proxy')
  )
    return false
  // The CNI of the cluster may exclude other namespaces than the files show.
  if (mesh.settings.cniExcludeNamespaces.includes(workload.namespace)) return false
  const { mode, certainty } = mesh.get(enrolmentOf, workload)
  return (
    mode === 'none' && certainty.level === 'certain' && !mesh.get(hasMachines, workload.namespace)
  )
}

/** Whether machines outside the cluster can have the labels and the accounts of a namespace: they are in the mesh. */
const hasMachines = query('machines may join', (mesh, namespace: string): boolean =>
  mesh.all('Other').some((other) => letsMachinesJoin(other, namespace)),
)

/** Whether the files show every captured pod of a namespace. */
export function showsAllCaptured(mesh: Mesh, namespace: string): boolean {
  const { mode, certainty } = mesh.get(namespaceEnrolment, namespace)
  return (
    (mode === 'none' && certainty.level === 'certain') || mesh.get(describedForWorkloads, namespace)
  )
}

/**
 * Adds the namespace of the workloads to ambient mode, or the workloads themselves if their own
 * label opts out. Never safe: their traffic takes another path.
 */
export function addToAmbient(mesh: Mesh, { workloads }: WorkloadsOutsideMesh): Fix | undefined {
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
        own.length === 1 ? 'Add the workload to ambient mode' : 'Add the workloads to ambient mode',
      activates: 'pods',
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
    title: `Add ${namespaceLabel(first.namespace)} to ambient mode`,
    activates: 'pods',
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
