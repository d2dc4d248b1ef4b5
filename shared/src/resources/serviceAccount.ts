import type { DecodeInput, ResourceBase } from './resource.js'

export interface ServiceAccount extends ResourceBase {
  readonly type: 'ServiceAccount'
}

export function decodeServiceAccount({ base }: DecodeInput): ServiceAccount {
  return { ...base, type: 'ServiceAccount' }
}
