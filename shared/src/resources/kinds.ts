import { decodeAPIService } from './apiService.js'
import { decodeAuthorizationPolicy } from './authorizationPolicy.js'
import { decodeGateway, decodeGatewayClass, decodeIstioGateway } from './gateway.js'
import { decodeIngress } from './ingress.js'
import { decodeInstall } from './meshConfig.js'
import { decodeNamespace } from './namespace.js'
import { decodeNetworkPolicy } from './networkPolicy.js'
import { decodeOtherObject } from './otherObject.js'
import { decodePeerAuthentication } from './peerAuthentication.js'
import { decodeRequestAuthentication } from './requestAuthentication.js'
import type { DecodeInput, Resource } from './resource.js'
import { decodeRoute } from './route.js'
import { decodeService } from './service.js'
import { decodeServiceAccount } from './serviceAccount.js'
import { decodeServiceEntry } from './serviceEntry.js'
import { decodeTelemetry } from './telemetry.js'
import { decodeVirtualService } from './virtualService.js'
import { decodeWasmPlugin } from './wasmPlugin.js'
import { decodeWebhookConfiguration } from './webhookConfiguration.js'
import { decodeWorkload, WORKLOAD_KINDS } from './workload.js'
import { decodeWorkloadEntry } from './workloadEntry.js'

type Decoder = (input: DecodeInput) => Resource

const GATEWAY_API = 'gateway.networking.k8s.io'
const ISTIO_NETWORKING = 'networking.istio.io'
const ISTIO_SECURITY = 'security.istio.io'

/** Decoders by `group/kind`. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['/Namespace', decodeNamespace],
  ['/Service', decodeService],
  ['/ServiceAccount', decodeServiceAccount],
  ['networking.k8s.io/NetworkPolicy', decodeNetworkPolicy],
  ['extensions/Deployment', decodeWorkload('Deployment')],
  ['extensions/DaemonSet', decodeWorkload('DaemonSet')],
  ...WORKLOAD_KINDS.map((kind): [string, Decoder] => [
    `${workloadGroup(kind)}/${kind}`,
    decodeWorkload(kind),
  ]),
  [`${GATEWAY_API}/Gateway`, decodeGateway],
  [`${GATEWAY_API}/GatewayClass`, decodeGatewayClass],
  [`${GATEWAY_API}/HTTPRoute`, decodeRoute('HTTPRoute')],
  [`${GATEWAY_API}/GRPCRoute`, decodeRoute('GRPCRoute')],
  [`${ISTIO_NETWORKING}/Gateway`, decodeIstioGateway],
  [`${ISTIO_NETWORKING}/ServiceEntry`, decodeServiceEntry],
  [`${ISTIO_NETWORKING}/WorkloadEntry`, decodeWorkloadEntry],
  [`${ISTIO_NETWORKING}/VirtualService`, decodeVirtualService],
  [`${ISTIO_SECURITY}/AuthorizationPolicy`, decodeAuthorizationPolicy],
  [`${ISTIO_SECURITY}/PeerAuthentication`, decodePeerAuthentication],
  [`${ISTIO_SECURITY}/RequestAuthentication`, decodeRequestAuthentication],
  ['install.istio.io/IstioOperator', decodeInstall],
  ['sailoperator.io/Istio', decodeInstall],
  ['operator.istio.io/Istio', decodeInstall],
])

/** Kinds that are read for one thing that they say: clients outside the mesh, extensions of waypoints. Their documents are never complained of as such. */
const SIDE_DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['networking.k8s.io/Ingress', decodeIngress],
  ['extensions/Ingress', decodeIngress],
  [
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    decodeWebhookConfiguration('MutatingWebhookConfiguration'),
  ],
  [
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    decodeWebhookConfiguration('ValidatingWebhookConfiguration'),
  ],
  ['apiregistration.k8s.io/APIService', decodeAPIService],
  ['extensions.istio.io/WasmPlugin', decodeWasmPlugin],
  ['telemetry.istio.io/Telemetry', decodeTelemetry],
])

/** Kinds that create other objects and say where. */
const DEPLOYERS = new Set([
  'helm.toolkit.fluxcd.io/HelmRelease',
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'argoproj.io/Application',
  'argoproj.io/ApplicationSet',
])

/** Custom resources of these groups create no workload and no Service. */
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
  'ServiceMonitor',
  'PodMonitor',
  'PrometheusRule',
  'Probe',
  'AppProject',
  'AnalysisTemplate',
  'ClusterAnalysisTemplate',
])

const CLUSTER_SCOPED = new Set([
  '/Namespace',
  `${GATEWAY_API}/GatewayClass`,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiregistration.k8s.io/APIService',
])

const READ_KINDS: ReadonlySet<string> = new Set(
  [...DECODERS.keys(), ...DEPLOYERS].map((key) => key.slice(key.lastIndexOf('/') + 1)),
)

/** How a kind is treated. */
type KindTreatment =
  | { readonly as: 'resource'; readonly decode: Decoder; readonly clusterScoped: boolean }
  /** Read for its metadata alone: it may bring objects that no file shows. */
  | { readonly as: 'deployer'; readonly decode: Decoder }
  | { readonly as: 'custom' }
  | { readonly as: 'ignored' }

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

const SIDE_KINDS: ReadonlySet<string> = new Set(
  [...SIDE_DECODERS.keys()].map((key) => key.slice(key.lastIndexOf('/') + 1)),
)

/** Whether nothing is said of the YAML of documents of this kind: they are other tools' business. */
export function isSideKind(kind: string): boolean {
  return SIDE_KINDS.has(kind)
}

/** Whether documents of this kind, in whatever group, are worth a word about their YAML. */
export function isReadKind(kind: string): boolean {
  return READ_KINDS.has(kind) || kind.endsWith('List')
}

export function treatmentOf(apiVersion: string, kind: string): KindTreatment {
  const group = groupOf(apiVersion)
  const key = `${group}/${kind}`
  const decode = DECODERS.get(key) ?? SIDE_DECODERS.get(key)
  if (decode) return { as: 'resource', decode, clusterScoped: CLUSTER_SCOPED.has(key) }
  if (DEPLOYERS.has(key)) return { as: 'deployer', decode: decodeOtherObject }
  const builtin = !group.includes('.') || group.endsWith('.k8s.io') || group === 'apps.openshift.io'
  if (kind === 'DeploymentConfig') return { as: 'custom' }
  return builtin || HARMLESS_GROUPS.has(group) || HARMLESS_KINDS.has(kind)
    ? { as: 'ignored' }
    : { as: 'custom' }
}

function workloadGroup(kind: string): string {
  if (kind === 'Pod') return ''
  return kind === 'Job' || kind === 'CronJob' ? 'batch' : 'apps'
}
