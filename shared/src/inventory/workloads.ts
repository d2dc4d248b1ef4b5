import type { Resource } from '../resources/resource.js'
import type { WorkloadController } from '../resources/workload.js'
import { kindsOf } from '../vocabulary/kinds.js'
import type { WorkloadEntry } from '../resources/workloadEntry.js'

/**
 * A destination of traffic: the object that creates pods (such as a Deployment), or a
 * WorkloadEntry.
 */
export type Workload = WorkloadController | WorkloadEntry

const KINDS: ReadonlySet<string> = new Set(kindsOf('pods', 'workload-entry'))

export function isWorkload(resource: Resource): resource is Workload {
  return KINDS.has(resource.type)
}
