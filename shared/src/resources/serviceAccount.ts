import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

export interface ServiceAccount extends ResourceBase {
  readonly type: 'ServiceAccount'
}

export function decodeServiceAccount({ base }: DecodeInput): ServiceAccount {
  return objectOf(base, { type: 'ServiceAccount' })
}
