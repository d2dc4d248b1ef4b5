import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

/** A workload outside of Kubernetes. */
export interface WorkloadEntry extends ResourceBase {
  readonly type: 'WorkloadEntry'
  readonly address: string | undefined
  /**
   * The labels of the workload: those of `spec.labels` and of `metadata.labels`, which win
   * (`serviceentry/conversion.go` ConvertClientWorkloadEntry).
   */
  readonly workloadLabels: Labels | undefined
  /** `spec.labels`. */
  readonly specLabels: Labels | undefined
  readonly serviceAccount: string
  /** Port name → number. */
  readonly ports: Labels
}

export function decodeWorkloadEntry({ base, reader }: DecodeInput): WorkloadEntry {
  const spec = reader.object('spec')
  const specLabels = spec?.stringMap('labels')
  return objectOf(base, {
    type: 'WorkloadEntry',
    address: spec?.string('address'),
    workloadLabels: specLabels ? { ...specLabels, ...base.labels } : base.labels,
    specLabels,
    serviceAccount: spec?.string('serviceAccount') ?? 'default',
    ports: spec?.stringMap('ports') ?? {},
  })
}
