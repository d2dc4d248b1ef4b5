import { INJECT, REVISION } from './labels.js'
import { ON_ANY, ON_PODS, onKinds, type MetadataKey } from './metadataKeys.js'

export const USE_WAYPOINT_CANARY_WEIGHT = 'istio.io/use-waypoint-canary-weight'
export const DRY_RUN = 'istio.io/dry-run'
/** Written by the sidecar injector, so that a pod that has it has a sidecar. */
export const SIDECAR_STATUS = 'sidecar.istio.io/status'
/** Whether ztunnel answers the DNS requests of a pod, before the setting of the CNI. */
export const INJECT_TEMPLATES = 'inject.istio.io/templates'
export const DNS_CAPTURE = 'ambient.istio.io/dns-capture'
export const EXPORT_TO = 'networking.istio.io/exportTo'
export const CONNECT_STRATEGY = 'istio.io/connect-strategy'
export const BYPASS_INBOUND_CAPTURE = 'ambient.istio.io/bypass-inbound-capture'
/** Written by the CNI: `enabled` makes istiod advertise HBONE. */
export const REDIRECTION = 'ambient.istio.io/redirection'
export const WAYPOINT_INBOUND_BINDING = 'ambient.istio.io/waypoint-inbound-binding'
export const GATEWAY_SERVICE_ACCOUNT = 'gateway.istio.io/service-account'
export const GATEWAY_NAME_OVERRIDE = 'gateway.istio.io/name-override'

const DEPRECATED = { retired: { status: 'deprecated' } } as const
const DEPRECATED_ON_PODS = { ...ON_PODS, ...DEPRECATED } as const

/** The annotations of Istio (istio/api `annotation/annotations.yaml` at `b8f8791d9653`). */
export const ANNOTATIONS = {
  [BYPASS_INBOUND_CAPTURE]: { ...ON_PODS, values: 'boolean' },
  [DNS_CAPTURE]: ON_PODS,
  [REDIRECTION]: { ...onKinds('WorkloadEntry'), onPods: true },
  [WAYPOINT_INBOUND_BINDING]: onKinds('Gateway', 'GatewayClass'),
  'galley.istio.io/analyze-suppress': ON_ANY,
  'gateway.istio.io/controller-version': ON_ANY,
  [GATEWAY_NAME_OVERRIDE]: onKinds('Gateway'),
  [GATEWAY_SERVICE_ACCOUNT]: onKinds('Gateway'),
  [INJECT_TEMPLATES]: ON_PODS,
  'istio.io/autoRegistrationGroup': onKinds('WorkloadEntry'),
  'istio.io/connectedAt': onKinds('WorkloadEntry'),
  'istio.io/disconnectedAt': onKinds('WorkloadEntry'),
  [DRY_RUN]: { ...onKinds('AuthorizationPolicy'), values: 'boolean' },
  'istio.io/reroute-virtual-interfaces': ON_PODS,
  [REVISION]: ON_PODS,
  [USE_WAYPOINT_CANARY_WEIGHT]: {
    ...onKinds('Namespace', 'Service', 'ServiceEntry'),
    values: 'percentage',
  },
  'istio.io/workloadController': onKinds('WorkloadEntry'),
  [EXPORT_TO]: onKinds('Service'),
  'networking.istio.io/service-type': onKinds('Gateway'),
  'networking.istio.io/traffic-distribution': onKinds('Namespace', 'Service', 'ServiceEntry'),
  'prometheus.istio.io/merge-metrics': ON_PODS,
  'proxy.istio.io/config': ON_PODS,
  'proxy.istio.io/overrides': ON_PODS,
  'readiness.status.sidecar.istio.io/applicationPorts': ON_PODS,
  'readiness.status.sidecar.istio.io/failureThreshold': ON_PODS,
  'readiness.status.sidecar.istio.io/initialDelaySeconds': ON_PODS,
  'readiness.status.sidecar.istio.io/periodSeconds': ON_PODS,
  'sidecar.istio.io/agentLogLevel': ON_PODS,
  'sidecar.istio.io/bootstrapOverride': ON_PODS,
  'sidecar.istio.io/componentLogLevel': ON_PODS,
  'sidecar.istio.io/discoveryAddress': DEPRECATED_ON_PODS,
  'sidecar.istio.io/extraStatTags': DEPRECATED_ON_PODS,
  // The label of the same name replaces it.
  [INJECT]: { ...ON_PODS, retired: { status: 'deprecated', replacement: INJECT } },
  'sidecar.istio.io/interceptionMode': ON_PODS,
  'sidecar.istio.io/logLevel': ON_PODS,
  'sidecar.istio.io/nativeSidecar': ON_PODS,
  'sidecar.istio.io/proxyCPU': ON_PODS,
  'sidecar.istio.io/proxyCPULimit': ON_PODS,
  'sidecar.istio.io/proxyImage': ON_PODS,
  'sidecar.istio.io/proxyImageType': ON_PODS,
  'sidecar.istio.io/proxyMemory': ON_PODS,
  'sidecar.istio.io/proxyMemoryLimit': ON_PODS,
  'sidecar.istio.io/rewriteAppHTTPProbers': ON_PODS,
  'sidecar.istio.io/statsCompression': DEPRECATED_ON_PODS,
  'sidecar.istio.io/statsEvictionInterval': ON_PODS,
  'sidecar.istio.io/statsFlushInterval': ON_PODS,
  'sidecar.istio.io/statsHistogramBins': ON_PODS,
  'sidecar.istio.io/statsHistogramBuckets': ON_PODS,
  'sidecar.istio.io/statsInclusionPrefixes': DEPRECATED_ON_PODS,
  'sidecar.istio.io/statsInclusionRegexps': DEPRECATED_ON_PODS,
  'sidecar.istio.io/statsInclusionSuffixes': DEPRECATED_ON_PODS,
  [SIDECAR_STATUS]: ON_PODS,
  'sidecar.istio.io/userVolume': ON_PODS,
  'sidecar.istio.io/userVolumeMount': ON_PODS,
  'status.sidecar.istio.io/port': ON_PODS,
  'topology.istio.io/controlPlaneClusters': onKinds('Namespace'),
  'traffic.istio.io/nodeSelector': onKinds('Service'),
  'traffic.sidecar.istio.io/excludeInboundPorts': ON_PODS,
  'traffic.sidecar.istio.io/excludeInterfaces': ON_PODS,
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': ON_PODS,
  'traffic.sidecar.istio.io/excludeOutboundPorts': ON_PODS,
  'traffic.sidecar.istio.io/includeInboundPorts': ON_PODS,
  'traffic.sidecar.istio.io/includeOutboundIPRanges': ON_PODS,
  'traffic.sidecar.istio.io/includeOutboundPorts': ON_PODS,
  'traffic.sidecar.istio.io/kubevirtInterfaces': {
    ...ON_PODS,
    retired: { status: 'deprecated', replacement: 'istio.io/reroute-virtual-interfaces' },
  },
} as const satisfies Readonly<Record<string, MetadataKey>>

export type AnnotationName = keyof typeof ANNOTATIONS
