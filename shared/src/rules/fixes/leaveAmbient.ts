import type { Workload } from '../../inventory/workloads.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Edit, Fix } from '../fix.js'
import { DATAPLANE_MODE } from '../../vocabulary/labels.js'

/** Labels a Namespace so that its pods leave ambient; undefined where the files do not hold it. Never safe: no policy is enforced there any more. */
export function takeNamespaceOut(mesh: Mesh, namespace: string): Fix | undefined {
  const object = mesh.get(namespaceObject, namespace)
  if (!object) return undefined
  return {
    title: 'Take the namespace out of ambient',
    preferred: false,
    safe: false,
    edits: [
      { op: 'set', resource: object, path: ['metadata', 'labels', DATAPLANE_MODE], value: 'none' },
    ],
  }
}

/** Labels the pods of workloads so that they leave ambient; undefined where the files show no pod. */
export function takeWorkloadsOut(workloads: readonly Workload[]): Fix | undefined {
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
        title:
          workloads.length === 1
            ? 'Take the workload out of ambient'
            : 'Take the workloads out of ambient',
        preferred: false,
        safe: false,
        edits,
      }
}
