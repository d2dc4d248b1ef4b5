import type { Workload } from '../inventory/workloads.js'
import type { Labels } from '../resources/resource.js'

/** The labels of a workload's pods, or of a WorkloadEntry. */
export function podLabels(workload: Workload): Labels | undefined {
  return workload.type === 'WorkloadEntry' ? workload.workloadLabels : workload.template.labels
}

/** The service account as which a workload runs. */
export function serviceAccountOf(workload: Workload): string {
  return workload.type === 'WorkloadEntry'
    ? workload.serviceAccount
    : workload.template.serviceAccountName
}
