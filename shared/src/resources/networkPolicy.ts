import { decodeLabelSelector, type LabelSelector } from './gateway.js'
import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'

export interface NetworkPolicyPeer {
  readonly podSelector: LabelSelector | undefined
  readonly namespaceSelector: LabelSelector | undefined
  readonly cidr: string | undefined
}

export interface NetworkPolicyPort {
  readonly protocol: string
  readonly port: number | string | undefined
  readonly endPort: number | undefined
}

/** One `ingress` or `egress` rule. An absent or empty list allows everything. */
export interface NetworkPolicyRule {
  readonly peers: readonly NetworkPolicyPeer[] | undefined
  readonly ports: readonly NetworkPolicyPort[] | undefined
}

export interface NetworkPolicy extends ResourceBase {
  readonly type: 'NetworkPolicy'
  readonly podSelector: LabelSelector | undefined
  readonly policyTypes: readonly string[]
  readonly ingress: readonly NetworkPolicyRule[]
  readonly egress: readonly NetworkPolicyRule[]
}

export function decodeNetworkPolicy({ base, reader }: DecodeInput): NetworkPolicy {
  const spec = reader.object('spec')
  const egress = decodeRules(spec, 'egress', 'to')
  return objectOf(base, {
    type: 'NetworkPolicy',
    podSelector: decodeLabelSelector(spec?.object('podSelector')),
    policyTypes:
      spec?.strings('policyTypes') ??
      (spec?.hasValue('egress') === true ? ['Ingress', 'Egress'] : ['Ingress']),
    ingress: decodeRules(spec, 'ingress', 'from'),
    egress,
  })
}

function decodeRules(
  spec: ObjectReader | undefined,
  direction: string,
  peers: string,
): NetworkPolicyRule[] {
  return (spec?.objects(direction) ?? []).map((rule) => ({
    peers: rule.objects(peers)?.map((peer) => ({
      podSelector: decodeLabelSelector(peer.object('podSelector')),
      namespaceSelector: decodeLabelSelector(peer.object('namespaceSelector')),
      cidr: peer.object('ipBlock')?.string('cidr'),
    })),
    ports: rule.objects('ports')?.map((port) => ({
      protocol: port.string('protocol') ?? 'TCP',
      port: port.intOrString('port'),
      endPort: port.integer('endPort'),
    })),
  }))
}
