import type { Resource } from '../resources/resource.js'
import type { WorkloadController } from '../resources/workload.js'
import { kindsOf } from '../vocabulary/kinds.js'
import type { WorkloadEntry } from '../resources/workloadEntry.js'

/** What traffic can be sent to: pods, by the object that makes them, and WorkloadEntries. */
export type Workload = WorkloadController | WorkloadEntry

const KINDS: ReadonlySet<string> = new Set(kindsOf('pods', 'workload-entry'))

export function isWorkload(resource: Resource): resource is Workload {
  return KINDS.has(resource.type)
}
