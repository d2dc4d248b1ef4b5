import { nearMiss } from '../../mesh/nearMiss.js'

/** Labels of Istio's catalogue (`istio/api label/labels.yaml`), and two that its installs use beside it. */
const LABELS: readonly string[] = [
  'gateway.istio.io/managed',
  'istio.io/dataplane-mode',
  'istio.io/gateway-name',
  'istio.io/ingress-use-waypoint',
  'istio.io/rev',
  'istio.io/tag',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-canary',
  'istio.io/use-waypoint-canary-namespace',
  'istio.io/use-waypoint-namespace',
  'istio.io/waypoint-for',
  'networking.istio.io/enable-autoallocate-ip',
  'networking.istio.io/gatewayPort',
  'networking.istio.io/tunnel',
  'operator.istio.io/component',
  'operator.istio.io/managed',
  'operator.istio.io/version',
  'security.istio.io/tlsMode',
  'service.istio.io/canonical-name',
  'service.istio.io/canonical-revision',
  'service.istio.io/workload-name',
  'sidecar.istio.io/inject',
  'topology.istio.io/cluster',
  'topology.istio.io/locality',
  'topology.istio.io/network',
  'topology.istio.io/subzone',
]

/** Annotations of Istio's catalogue (`istio/api annotation/annotations.yaml`). */
const ANNOTATIONS: readonly string[] = [
  'ambient.istio.io/bypass-inbound-capture',
  'ambient.istio.io/dns-capture',
  'ambient.istio.io/redirection',
  'ambient.istio.io/waypoint-inbound-binding',
  'galley.istio.io/analyze-suppress',
  'gateway.istio.io/controller-version',
  'gateway.istio.io/name-override',
  'gateway.istio.io/service-account',
  'inject.istio.io/templates',
  'istio.io/autoRegistrationGroup',
  'istio.io/connectedAt',
  'istio.io/disconnectedAt',
  'istio.io/dry-run',
  'istio.io/reroute-virtual-interfaces',
  'istio.io/rev',
  'istio.io/use-waypoint-canary-weight',
  'istio.io/workloadController',
  'networking.istio.io/exportTo',
  'networking.istio.io/service-type',
  'networking.istio.io/traffic-distribution',
  'prometheus.istio.io/merge-metrics',
  'proxy.istio.io/config',
  'proxy.istio.io/overrides',
  'readiness.status.sidecar.istio.io/applicationPorts',
  'readiness.status.sidecar.istio.io/failureThreshold',
  'readiness.status.sidecar.istio.io/initialDelaySeconds',
  'readiness.status.sidecar.istio.io/periodSeconds',
  'sidecar.istio.io/agentLogLevel',
  'sidecar.istio.io/bootstrapOverride',
  'sidecar.istio.io/componentLogLevel',
  'sidecar.istio.io/discoveryAddress',
  'sidecar.istio.io/extraStatTags',
  'sidecar.istio.io/inject',
  'sidecar.istio.io/interceptionMode',
  'sidecar.istio.io/logLevel',
  'sidecar.istio.io/nativeSidecar',
  'sidecar.istio.io/proxyCPU',
  'sidecar.istio.io/proxyCPULimit',
  'sidecar.istio.io/proxyImage',
  'sidecar.istio.io/proxyImageType',
  'sidecar.istio.io/proxyMemory',
  'sidecar.istio.io/proxyMemoryLimit',
  'sidecar.istio.io/rewriteAppHTTPProbers',
  'sidecar.istio.io/statsCompression',
  'sidecar.istio.io/statsEvictionInterval',
  'sidecar.istio.io/statsFlushInterval',
  'sidecar.istio.io/statsHistogramBins',
  'sidecar.istio.io/statsHistogramBuckets',
  'sidecar.istio.io/statsInclusionPrefixes',
  'sidecar.istio.io/statsInclusionRegexps',
  'sidecar.istio.io/statsInclusionSuffixes',
  'sidecar.istio.io/status',
  'sidecar.istio.io/userVolume',
  'sidecar.istio.io/userVolumeMount',
  'status.sidecar.istio.io/port',
  'topology.istio.io/controlPlaneClusters',
  'traffic.istio.io/nodeSelector',
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/excludeInterfaces',
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
  'traffic.sidecar.istio.io/includeOutboundPorts',
  'traffic.sidecar.istio.io/kubevirtInterfaces',
]

/** Keys that Istio's code, its releases before or its tests know without a place in the catalogue: never meant, never complained of. */
const OTHERS: readonly string[] = [
  'ambient.istio.io/xfcc-include-client-identity',
  'gateway.istio.io/defaults-for-class',
  'gateway.istio.io/tls-cipher-suites',
  'gateway.istio.io/tls-terminate-mode',
  'istio.io/config',
  'istio.io/connect-strategy',
  'istio.io/persistent-session',
  'istio.io/persistent-session-header',
  'networking.istio.io/address-type',
  'networking.istio.io/cluster',
  'prometheus.istio.io/scrape-targets',
  'prometheus.istio.io/secure-port',
  'proxy.istio.io/health-checks-enabled',
  'istio.io/test',
  'istio.io/test-vm',
  'istio.io/test-vm-version',
]

const KNOWN: ReadonlySet<string> = new Set([...LABELS, ...ANNOTATIONS, ...OTHERS])
const ISTIO_KEY = /^((?:[a-z0-9-]+\.)*istio\.io)\/(.+)$/

export type MetadataField = 'labels' | 'annotations'

/** Whether a key of metadata is of Istio's domain, or of one below it. */
export function isIstioKey(key: string): boolean {
  return key.includes('istio.io/') && ISTIO_KEY.test(key)
}

/** The label or annotation that an unknown key of Istio's domain was probably meant to be; undefined for keys that are known, and for those that resemble none. */
export function meantKey(
  key: string,
  field: MetadataField,
): { readonly key: string; readonly field: MetadataField } | undefined {
  if (KNOWN.has(key)) return undefined
  const fields: readonly MetadataField[] =
    field === 'labels' ? ['labels', 'annotations'] : ['annotations', 'labels']
  for (const candidate of fields) {
    const meant = meantAmong(key, candidate === 'labels' ? LABELS : ANNOTATIONS)
    if (meant !== undefined) return { key: meant, field: candidate }
  }
  return undefined
}

function meantAmong(key: string, known: readonly string[]): string | undefined {
  const [, domain = '', name = ''] = ISTIO_KEY.exec(key) ?? []
  const own = new Map(
    known
      .filter((candidate) => candidate.startsWith(`${domain}/`))
      .map((candidate) => [nameOf(candidate).toLowerCase(), candidate]),
  )
  const written = name.toLowerCase()
  const near =
    own.get(written) ??
    own.get(
      nearMiss(
        written,
        [...own.keys()].filter((candidate) => candidate.length >= SHORTEST),
      ) ?? '',
    )
  if (near !== undefined) return near
  // The right name under another of Istio's domains.
  const [only, ...others] = known.filter(
    (candidate) => nameOf(candidate) === name && name.length >= SHORTEST,
  )
  return others.length === 0 ? only : undefined
}

/** Below this, two edits make any word another. */
const SHORTEST = 6

function nameOf(key: string): string {
  return key.slice(key.indexOf('/') + 1)
}
