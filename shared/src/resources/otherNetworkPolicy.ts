import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

/**
 * A policy of Cilium, of Calico or of a cluster administrator. It can allow traffic that no
 * NetworkPolicy allows. Its rules are not read.
 */
export interface OtherNetworkPolicy extends ResourceBase {
  readonly type: 'OtherNetworkPolicy'
  /** False for a policy of nodes. */
  readonly appliesToPods: boolean
}

export function decodeOtherNetworkPolicy({ base, reader }: DecodeInput): OtherNetworkPolicy {
  return objectOf(base, {
    type: 'OtherNetworkPolicy',
    appliesToPods: reader.object('spec')?.has('nodeSelector') !== true,
  })
}
