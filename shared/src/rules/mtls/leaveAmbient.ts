import type { Workload } from '../../inventory/workloads.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import { titleWithEffect, type Edit, type Fix } from '../fix.js'
import { DATAPLANE_MODE } from '../../vocabulary/labels.js'

/**
 * Labels a Namespace so that its pods are no longer captured. Undefined where it is not in the files. Never
 * safe: ztunnel then enforces no policy there.
 */
export function removeNamespaceFromAmbient(mesh: Mesh, namespace: string): Fix | undefined {
  const object = mesh.get(namespaceObject, namespace)
  if (!object) return undefined
  return {
    ...titleWithEffect(
      'Remove the namespace from ambient mode',
      'its policies are then not enforced',
    ),
    preferred: false,
    safe: false,
    edits: [
      { op: 'set', resource: object, path: ['metadata', 'labels', DATAPLANE_MODE], value: 'none' },
    ],
  }
}

/** Labels the pods of workloads so that they are no longer captured. Undefined where the files show no pod. */
export function removeWorkloadsFromAmbient(workloads: readonly Workload[]): Fix | undefined {
  const edits = workloads.flatMap((workload): Edit[] => {
    if (workload.type === 'WorkloadEntry') return []
    return [
      {
        op: 'set',
        resource: workload,
        path: [...workload.templatePath, 'metadata', 'labels', DATAPLANE_MODE],
        value: 'none',
      },
    ]
  })
  return edits.length === 0
    ? undefined
    : {
        ...(workloads.length === 1
          ? titleWithEffect(
              'Remove the workload from ambient mode',
              'its policies are then not enforced',
            )
          : titleWithEffect(
              'Remove the workloads from ambient mode',
              'their policies are then not enforced',
            )),
        preferred: false,
        safe: false,
        edits,
      }
}
