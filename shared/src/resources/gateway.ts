import { GATEWAY_API } from '../vocabulary/kinds.js'
import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

/** A Kubernetes `LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels: Labels | undefined
  readonly matchExpressions: readonly {
    readonly key: string
    readonly operator: string
    readonly values: readonly string[]
  }[]
}

export interface AllowedRoutes {
  /** `Same` if absent. */
  readonly from: string
  readonly selector: LabelSelector | undefined
  /** The kinds of the Gateway API; undefined for those of the protocol. */
  readonly kinds: readonly string[] | undefined
}

export interface Listener {
  readonly name: string
  readonly port: number
  readonly protocol: string
  readonly hostname: string | undefined
  readonly allowedRoutes: AllowedRoutes
}

/** An address of `spec.addresses`. A host name is that of the Service of a gateway that a user deploys. */
export interface GatewayAddress {
  readonly type: string
  readonly value: string
}

/** A Gateway of the Kubernetes Gateway API. */
export interface Gateway extends ResourceBase {
  readonly type: 'Gateway'
  readonly gatewayClassName: string
  readonly listeners: readonly Listener[]
  /** `spec.infrastructure.labels`, which are copied to the pods. */
  readonly infrastructureLabels: Labels | undefined
  /** `spec.addresses`. Several, or one that is no IP address, mean a manual deployment. */
  readonly addresses: readonly GatewayAddress[]
}

export function decodeGateway({ base, reader }: DecodeInput): Gateway {
  const spec = reader.object('spec')
  return objectOf(base, {
    type: 'Gateway',
    gatewayClassName: spec?.string('gatewayClassName') ?? '',
    listeners: (spec?.objects('listeners') ?? []).map((listener) => ({
      name: listener.string('name') ?? '',
      port: listener.integer('port') ?? 0,
      protocol: listener.string('protocol') ?? '',
      hostname: listener.string('hostname'),
      allowedRoutes: decodeAllowedRoutes(listener),
    })),
    infrastructureLabels: spec?.object('infrastructure')?.stringMap('labels'),
    addresses: (spec?.objects('addresses') ?? []).map((address) => ({
      type: address.string('type') ?? 'IPAddress',
      value: address.string('value') ?? '',
    })),
  })
}

function decodeAllowedRoutes(listener: ObjectReader): AllowedRoutes {
  const allowed = listener.object('allowedRoutes')
  const namespaces = allowed?.object('namespaces')
  const kinds = (allowed?.objects('kinds') ?? []).map((each) => ({
    group: each.string('group') ?? GATEWAY_API,
    kind: each.string('kind') ?? '',
  }))
  return {
    from: namespaces?.string('from') ?? 'Same',
    selector: decodeLabelSelector(namespaces?.object('selector')),
    // istiod reads an empty list as none.
    kinds:
      kinds.length > 0
        ? kinds.filter(({ group }) => group === GATEWAY_API).map(({ kind }) => kind)
        : undefined,
  }
}

export function decodeLabelSelector(selector: ObjectReader | undefined): LabelSelector | undefined {
  if (!selector) return undefined
  return {
    matchLabels: selector.stringMap('matchLabels'),
    matchExpressions: (selector.objects('matchExpressions') ?? []).map((expression) => ({
      key: expression.string('key') ?? '',
      operator: expression.string('operator') ?? '',
      values: expression.strings('values') ?? [],
    })),
  }
}

export interface GatewayClass extends ResourceBase {
  readonly type: 'GatewayClass'
  readonly controllerName: string
}

export function decodeGatewayClass({ base, reader }: DecodeInput): GatewayClass {
  return objectOf(base, {
    type: 'GatewayClass',
    controllerName: reader.object('spec')?.string('controllerName') ?? '',
  })
}

/** A Gateway of Istio's own API: configures the gateway pods that its selector matches. */
export interface IstioGateway extends ResourceBase {
  readonly type: 'Gateway.networking.istio.io'
  readonly selector: Labels | undefined
}

export function decodeIstioGateway({ base, reader }: DecodeInput): IstioGateway {
  return objectOf(base, {
    type: 'Gateway.networking.istio.io',
    selector: reader.object('spec')?.stringMap('selector'),
  })
}
