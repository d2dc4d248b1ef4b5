import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeSelector, type WorkloadSelector } from './selector.js'
import { decodeTargetRefs, type PolicyTargetReference } from './targetRef.js'

export interface WasmPlugin extends ResourceBase {
  readonly type: 'WasmPlugin'
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs: readonly PolicyTargetReference[]
}

export function decodeWasmPlugin({ base, reader }: DecodeInput): WasmPlugin {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'WasmPlugin',
    selector: decodeSelector(spec),
    targetRefs: decodeTargetRefs(spec),
  })
}
