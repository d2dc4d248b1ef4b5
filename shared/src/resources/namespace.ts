import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

export interface Namespace extends ResourceBase {
  readonly type: 'Namespace'
}

export function decodeNamespace({ base }: DecodeInput): Namespace {
  return objectOf(base, { type: 'Namespace' })
}
