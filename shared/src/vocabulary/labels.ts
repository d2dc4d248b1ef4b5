import { ON_ANY, ON_PODS, onKinds, type MetadataKey } from './metadataKeys.js'

export const DATAPLANE_MODE = 'istio.io/dataplane-mode'
/** Chooses sidecar injection for a namespace. The only label of Istio without a domain. */
export const INJECTION = 'istio-injection'
export const REVISION = 'istio.io/rev'
export const INJECT = 'sidecar.istio.io/inject'
export const ENABLE_AUTOALLOCATE_IP = 'networking.istio.io/enable-autoallocate-ip'
export const USE_WAYPOINT = 'istio.io/use-waypoint'
export const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace'
export const USE_WAYPOINT_CANARY = 'istio.io/use-waypoint-canary'
export const USE_WAYPOINT_CANARY_NAMESPACE = 'istio.io/use-waypoint-canary-namespace'
export const INGRESS_USE_WAYPOINT = 'istio.io/ingress-use-waypoint'
export const WAYPOINT_FOR = 'istio.io/waypoint-for'
/** The Gateway that a pod, a Service or an account was made for. */
export const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name'
export const GATEWAY_CLASS_NAME = 'gateway.networking.k8s.io/gateway-class-name'
/** The controller of istiod that made an object for a Gateway. */
export const MANAGED = 'gateway.istio.io/managed'
export const CANONICAL_NAME = 'service.istio.io/canonical-name'
export const CANONICAL_REVISION = 'service.istio.io/canonical-revision'
/** Says which tunnels a proxy speaks, separated by commas. */
export const TUNNEL = 'networking.istio.io/tunnel'
/** The label that the API server gives every Namespace, with its name. */
export const METADATA_NAME = 'kubernetes.io/metadata.name'

const CONSUMERS = onKinds('Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', 'Gateway')
const SERVICES = onKinds('Namespace', 'Service', 'ServiceEntry')
/** The kinds of which an istiod reads only the objects of its revision (docs/semantics.md §3.1). */
export const REVISIONED = [
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'ServiceEntry',
  'WorkloadEntry',
  'VirtualService',
  'DestinationRule',
  'Telemetry',
  'WasmPlugin',
  'HTTPRoute',
  'GRPCRoute',
  'TCPRoute',
  'TLSRoute',
] as const
const GENERATED = onKinds('ServiceAccount', 'Deployment', 'Service')

/** Whether a value of `istio.io/dataplane-mode` is one of Kmesh, which enforces the policies of such pods itself. */
export function isOtherDataPlane(mode: string): boolean {
  return mode.toLowerCase() === 'kmesh'
}

/**
 * The labels of Istio, and those of the Gateway API that istiod writes (istio/api
 * `label/labels.yaml` at `b8f8791d9653`). A Gateway passes its labels on to its pods, so labels for
 * pods have an effect on a Gateway too.
 */
export const LABELS = {
  [DATAPLANE_MODE]: {
    ...onKinds('Namespace', 'Gateway', 'WorkloadEntry'),
    onPods: true,
    values: ['ambient', 'none'],
  },
  [USE_WAYPOINT]: { ...CONSUMERS, onPods: true, values: 'object-name' },
  [USE_WAYPOINT_NAMESPACE]: { ...CONSUMERS, onPods: true, values: 'namespace-name' },
  [USE_WAYPOINT_CANARY]: { ...SERVICES, values: 'object-name' },
  [USE_WAYPOINT_CANARY_NAMESPACE]: { ...SERVICES, values: 'namespace-name' },
  [INGRESS_USE_WAYPOINT]: { ...SERVICES, values: 'boolean' },
  [WAYPOINT_FOR]: {
    ...onKinds('Gateway', 'GatewayClass'),
    values: ['service', 'workload', 'all', 'none'],
  },
  [INJECTION]: { ...onKinds('Namespace'), values: ['enabled', 'disabled'] },
  // istiod reads it on every object of its own configuration (`crdclient/client.go` inRevision).
  [REVISION]: { ...onKinds('Namespace', 'Gateway', ...REVISIONED), onPods: true },
  'istio.io/tag': onKinds('MutatingWebhookConfiguration'),
  [GATEWAY_NAME]: { ...GENERATED, onPods: true },
  [GATEWAY_CLASS_NAME]: { ...GENERATED, onPods: true },
  [MANAGED]: {
    ...GENERATED,
    onPods: true,
    values: [
      'istio.io-gateway-controller',
      'istio.io-mesh-controller',
      'istio.io-eastwest-controller',
    ],
  },
  [ENABLE_AUTOALLOCATE_IP]: onKinds('ServiceEntry'),
  'networking.istio.io/gatewayPort': onKinds('Service'),
  [TUNNEL]: { ...onKinds('WorkloadEntry'), onPods: true },
  'operator.istio.io/component': ON_ANY,
  'operator.istio.io/managed': ON_ANY,
  'operator.istio.io/version': ON_ANY,
  'security.istio.io/tlsMode': { ...ON_PODS, retired: { status: 'deprecated' } },
  [CANONICAL_NAME]: ON_PODS,
  [CANONICAL_REVISION]: ON_PODS,
  'service.istio.io/workload-name': { ...onKinds('WorkloadEntry'), onPods: true },
  [INJECT]: ON_PODS,
  'topology.istio.io/cluster': ON_PODS,
  'topology.istio.io/locality': ON_PODS,
  'topology.istio.io/network': { ...onKinds('Namespace', 'Service'), onPods: true },
  'topology.istio.io/subzone': onKinds('Node'),
} as const satisfies Readonly<Record<string, MetadataKey>>

export type LabelName = keyof typeof LABELS
