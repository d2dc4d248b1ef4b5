import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeServiceReference, type ServiceReference } from './serviceReference.js'

/** An API group that a Service serves instead of the API server. */
export interface APIService extends ResourceBase {
  readonly type: 'APIService'
  /** Empty if the API server serves the group itself. */
  readonly services: readonly ServiceReference[]
}

export function decodeAPIService({ base, reader }: DecodeInput): APIService {
  return objectOf(base, {
    type: 'APIService',
    services: decodeServiceReference(reader.object('spec')?.object('service')),
  })
}
