import type { APIService } from './apiService.js'
import type { AuthorizationPolicy } from './authorizationPolicy.js'
import type { DestinationRule } from './destinationRule.js'
import type { Gateway, GatewayClass, IstioGateway } from './gateway.js'
import type { Ingress } from './ingress.js'
import type { MeshConfigSource } from './meshConfig.js'
import type { Monitor } from './monitor.js'
import type { Namespace } from './namespace.js'
import type { NetworkPolicy } from './networkPolicy.js'
import type { OtherNetworkPolicy } from './otherNetworkPolicy.js'
import type { OtherObject } from './otherObject.js'
import type { PeerAuthentication } from './peerAuthentication.js'
import type { RequestAuthentication } from './requestAuthentication.js'
import type { Route } from './route.js'
import type { Service } from './service.js'
import type { ServiceAccount } from './serviceAccount.js'
import type { ServiceEntry } from './serviceEntry.js'
import type { Sidecar } from './sidecar.js'
import type { Telemetry } from './telemetry.js'
import type { VirtualService } from './virtualService.js'
import type { WasmPlugin } from './wasmPlugin.js'
import type { WebhookConfiguration } from './webhookConfiguration.js'
import type { WorkloadEntry } from './workloadEntry.js'
import type { WorkloadController } from './workload.js'

export type { DecodeInput, Labels, NamespaceSource, Origin, ResourceBase } from './resourceBase.js'

export type Resource =
  | APIService
  | AuthorizationPolicy
  | DestinationRule
  | Gateway
  | GatewayClass
  | Ingress
  | IstioGateway
  | MeshConfigSource
  | Monitor
  | Namespace
  | NetworkPolicy
  | OtherNetworkPolicy
  | OtherObject
  | PeerAuthentication
  | RequestAuthentication
  | Route
  | Service
  | ServiceAccount
  | ServiceEntry
  | Sidecar
  | Telemetry
  | VirtualService
  | WasmPlugin
  | WebhookConfiguration
  | WorkloadEntry
  | WorkloadController

/** The kind, with the group if several groups have the kind (`Gateway.networking.istio.io`). */
export type ResourceType = Resource['type']
export type ResourceOf<T extends ResourceType> = Extract<Resource, { readonly type: T }>

/** `foo/bar`, or `bar` for cluster-scoped objects. */
export function qualifiedName(resource: {
  readonly namespace: string
  readonly name: string
}): string {
  return resource.namespace === '' ? resource.name : `${resource.namespace}/${resource.name}`
}
