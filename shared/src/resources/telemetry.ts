import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeSelector, type WorkloadSelector } from './selector.js'
import { decodeTargetRefs, type PolicyTargetReference } from './targetRef.js'

export interface Telemetry extends ResourceBase {
  readonly type: 'Telemetry'
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs: readonly PolicyTargetReference[]
}

export function decodeTelemetry({ base, reader }: DecodeInput): Telemetry {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'Telemetry',
    selector: decodeSelector(spec),
    targetRefs: decodeTargetRefs(spec),
  })
}
