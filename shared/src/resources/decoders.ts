import { decodeAPIService } from './apiService.js'
import { decodeAuthorizationPolicy } from './authorizationPolicy.js'
import { decodeDestinationRule } from './destinationRule.js'
import { decodeGateway, decodeGatewayClass, decodeIstioGateway } from './gateway.js'
import { decodeIngress } from './ingress.js'
import { decodeControlPlane, decodeInstall } from './meshConfig.js'
import { decodeMonitor } from './monitor.js'
import { decodeNamespace } from './namespace.js'
import { decodeNetworkPolicy } from './networkPolicy.js'
import { decodeOtherNetworkPolicy } from './otherNetworkPolicy.js'
import { decodeOtherObject, decodeWorkloadGroup } from './otherObject.js'
import { decodePeerAuthentication } from './peerAuthentication.js'
import { decodeRequestAuthentication } from './requestAuthentication.js'
import type { DecodeInput, Resource } from './resource.js'
import { decodeRoute } from './route.js'
import { decodeService } from './service.js'
import { decodeServiceAccount } from './serviceAccount.js'
import { decodeServiceEntry } from './serviceEntry.js'
import { decodeSidecar } from './sidecar.js'
import { decodeTelemetry } from './telemetry.js'
import { decodeVirtualService } from './virtualService.js'
import { decodeWasmPlugin } from './wasmPlugin.js'
import { decodeWebhookConfiguration } from './webhookConfiguration.js'
import { decodeWorkload } from './workload.js'
import { decodeWorkloadEntry } from './workloadEntry.js'
import { kindNamed, KINDS, kindsOf, KIND_NAMES, type KindName } from '../vocabulary/kinds.js'

type Decoder = (input: DecodeInput) => Resource

const DECODERS: Readonly<Record<KindName, Decoder>> = {
  Namespace: decodeNamespace,
  ServiceAccount: decodeServiceAccount,
  Service: decodeService,
  ServiceEntry: decodeServiceEntry,
  Gateway: decodeGateway,
  GatewayClass: decodeGatewayClass,
  Pod: decodeWorkload('Pod'),
  Deployment: decodeWorkload('Deployment'),
  StatefulSet: decodeWorkload('StatefulSet'),
  DaemonSet: decodeWorkload('DaemonSet'),
  ReplicaSet: decodeWorkload('ReplicaSet'),
  Job: decodeWorkload('Job'),
  CronJob: decodeWorkload('CronJob'),
  WorkloadEntry: decodeWorkloadEntry,
  AuthorizationPolicy: decodeAuthorizationPolicy,
  PeerAuthentication: decodePeerAuthentication,
  RequestAuthentication: decodeRequestAuthentication,
  NetworkPolicy: decodeNetworkPolicy,
  CiliumNetworkPolicy: decodeOtherNetworkPolicy,
  CiliumClusterwideNetworkPolicy: decodeOtherNetworkPolicy,
  'NetworkPolicy.projectcalico.org': decodeOtherNetworkPolicy,
  GlobalNetworkPolicy: decodeOtherNetworkPolicy,
  AdminNetworkPolicy: decodeOtherNetworkPolicy,
  ClusterNetworkPolicy: decodeOtherNetworkPolicy,
  HTTPRoute: decodeRoute('HTTPRoute'),
  GRPCRoute: decodeRoute('GRPCRoute'),
  TCPRoute: decodeRoute('TCPRoute'),
  TLSRoute: decodeRoute('TLSRoute'),
  VirtualService: decodeVirtualService,
  DestinationRule: decodeDestinationRule,
  Sidecar: decodeSidecar,
  'Gateway.networking.istio.io': decodeIstioGateway,
  IstioOperator: decodeInstall,
  Istio: decodeInstall,
  IstioCNI: decodeInstall,
  ServiceMeshControlPlane: decodeControlPlane,
  WorkloadGroup: decodeWorkloadGroup,
  HelmRelease: decodeOtherObject,
  Kustomization: decodeOtherObject,
  Application: decodeOtherObject,
  ApplicationSet: decodeOtherObject,
  Ingress: decodeIngress,
  MutatingWebhookConfiguration: decodeWebhookConfiguration('MutatingWebhookConfiguration'),
  ValidatingWebhookConfiguration: decodeWebhookConfiguration('ValidatingWebhookConfiguration'),
  APIService: decodeAPIService,
  PodMonitor: decodeMonitor('PodMonitor'),
  ServiceMonitor: decodeMonitor('ServiceMonitor'),
  WasmPlugin: decodeWasmPlugin,
  Telemetry: decodeTelemetry,
}

/**
 * Kinds that are read for one purpose only: clients outside of the mesh, extensions of waypoints, details of
 * routes, and policies of other APIs. Problems in their YAML are not reported.
 */
const SIDE_NAMES = kindsOf('external-client', 'extension', 'other-network-policy', 'side')

/** Custom resources of these groups create neither workloads nor Services. */
const HARMLESS_GROUPS = new Set([
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
  'cert-manager.io',
  'acme.cert-manager.io',
  'external-secrets.io',
  'kyverno.io',
  'constraints.gatekeeper.sh',
  'templates.gatekeeper.sh',
  'bitnami.com',
  'keda.sh',
  'source.toolkit.fluxcd.io',
  'config.kubernetes.io',
  'kustomize.config.k8s.io',
  'kind.x-k8s.io',
  'metallb.io',
  'cilium.io',
  'crd.projectcalico.org',
  'projectcalico.org',
  'velero.io',
])
const HARMLESS_KINDS = new Set([
  'PrometheusRule',
  'Probe',
  'AppProject',
  'AnalysisTemplate',
  'ClusterAnalysisTemplate',
])

const READ_KINDS: ReadonlySet<string> = new Set(
  KIND_NAMES.filter((name) => !SIDE_NAMES.some((side) => side === name)).map(
    (name) => KINDS[name].kind,
  ),
)
const SIDE_KINDS: ReadonlySet<string> = new Set(
  SIDE_NAMES.map((name) => KINDS[name].kind).filter((kind) => !READ_KINDS.has(kind)),
)

/** How objects of a kind are read. */
type KindTreatment =
  | { readonly as: 'resource'; readonly decode: Decoder; readonly clusterScoped: boolean }
  /** Only its target namespace is read: it may create objects that are in no file. */
  | { readonly as: 'deployer'; readonly decode: Decoder }
  | { readonly as: 'custom' }
  | { readonly as: 'ignored' }

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** Whether problems in the YAML of this kind are not reported. */
export function isSideKind(kind: string): boolean {
  return SIDE_KINDS.has(kind)
}

/** Whether problems in the YAML of this kind are reported, in any group. */
export function isReadKind(kind: string): boolean {
  return READ_KINDS.has(kind) || kind.endsWith('List')
}

export function treatmentOf(apiVersion: string, kind: string): KindTreatment {
  const group = groupOf(apiVersion)
  const name = kindNamed(group, kind)
  if (name !== undefined) {
    const { role, scope } = KINDS[name]
    const decode = DECODERS[name]
    return role === 'deployer'
      ? { as: 'deployer', decode }
      : { as: 'resource', decode, clusterScoped: scope === 'cluster' }
  }
  const builtin = !group.includes('.') || group.endsWith('.k8s.io') || group === 'apps.openshift.io'
  if (kind === 'DeploymentConfig') return { as: 'custom' }
  return builtin || HARMLESS_GROUPS.has(group) || HARMLESS_KINDS.has(kind)
    ? { as: 'ignored' }
    : { as: 'custom' }
}
