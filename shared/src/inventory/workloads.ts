import type { Resource } from '../resources/resource.js'
import { WORKLOAD_KINDS, type WorkloadController } from '../resources/workload.js'
import type { WorkloadEntry } from '../resources/workloadEntry.js'

/** What traffic can be sent to: pods, by the object that makes them, and WorkloadEntries. */
export type Workload = WorkloadController | WorkloadEntry

const KINDS: ReadonlySet<string> = new Set([...WORKLOAD_KINDS, 'WorkloadEntry'])

export function isWorkload(resource: Resource): resource is Workload {
  return KINDS.has(resource.type)
}
