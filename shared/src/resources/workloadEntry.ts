import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

/**
 * A workload outside of Kubernetes. Its labels are `spec.labels`; `metadata.labels` may contain
 * `use-waypoint`.
 */
export interface WorkloadEntry extends ResourceBase {
  readonly type: 'WorkloadEntry'
  readonly address: string | undefined
  readonly workloadLabels: Labels | undefined
  readonly serviceAccount: string
  /** Port name → number. */
  readonly ports: Labels
}

export function decodeWorkloadEntry({ base, reader }: DecodeInput): WorkloadEntry {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'WorkloadEntry',
    address: spec?.string('address'),
    workloadLabels: spec?.stringMap('labels'),
    serviceAccount: spec?.string('serviceAccount') ?? 'default',
    ports: spec?.stringMap('ports') ?? {},
  })
}
