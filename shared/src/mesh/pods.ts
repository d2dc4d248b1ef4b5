import type { Workload } from '../inventory/workloads.js'
import type { Labels } from '../resources/resource.js'
import { parseBool } from '../text/goValues.js'
import { BYPASS_INBOUND_CAPTURE } from '../vocabulary/annotations.js'
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

/**
 * Whether plaintext reaches the pods of a captured workload past ztunnel, which then enforces no
 * policy on it: by an annotation (docs/semantics.md §1.3).
 */
export function bypassesInboundCapture(workload: Workload): boolean {
  return (
    workload.type !== 'WorkloadEntry' &&
    parseBool(workload.template.annotations?.[BYPASS_INBOUND_CAPTURE] ?? '') === true
  )
}

/** The service account as which a workload runs. */
export function serviceAccountOf(workload: Workload): string {
  return workload.type === 'WorkloadEntry'
    ? workload.serviceAccount
    : workload.template.serviceAccountName
}
