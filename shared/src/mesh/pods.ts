import type { Workload } from '../inventory/workloads.js'
import type { Labels } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'

/** The labels of a workload's pods, or of a WorkloadEntry. */
export function podLabels(workload: Workload): Labels | undefined {
  return workload.type === 'WorkloadEntry' ? workload.workloadLabels : workload.template.labels
}

/** The field of a label of a workload's pods, or of a WorkloadEntry. */
export function podLabelPath(workload: Workload, label: string): FieldPath {
  if (workload.type !== 'WorkloadEntry')
    return [...workload.templatePath, 'metadata', 'labels', label]
  return workload.labels?.[label] === undefined && workload.specLabels?.[label] !== undefined
    ? ['spec', 'labels', label]
    : ['metadata', 'labels', label]
}

/** The service account as which a workload runs. */
export function serviceAccountOf(workload: Workload): string {
  return workload.type === 'WorkloadEntry'
    ? workload.serviceAccount
    : workload.template.serviceAccountName
}
