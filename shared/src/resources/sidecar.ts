import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

/** A Sidecar resource: what the sidecars of a namespace are configured for. */
export interface Sidecar extends ResourceBase {
  readonly type: 'Sidecar'
  /** Undefined: all sidecars of the namespace. */
  readonly workloadSelector: Labels | undefined
}

export function decodeSidecar({ base, reader }: DecodeInput): Sidecar {
  return objectOf(base, {
    type: 'Sidecar',
    workloadSelector: reader.object('spec')?.object('workloadSelector')?.stringMap('labels'),
  })
}
