import type { DecodeInput, ResourceBase } from './resourceBase.js'

export interface ServiceAccount extends ResourceBase {
  readonly type: 'ServiceAccount'
}

export function decodeServiceAccount({ base }: DecodeInput): ServiceAccount {
  return { ...base, type: 'ServiceAccount' }
}
