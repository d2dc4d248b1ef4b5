import type { DecodeInput, ResourceBase } from './resourceBase.js'

export interface Namespace extends ResourceBase {
  readonly type: 'Namespace'
}

export function decodeNamespace({ base }: DecodeInput): Namespace {
  return { ...base, type: 'Namespace' }
}
