import { CANONICAL_NAME, GATEWAY_CLASS_NAME, GATEWAY_NAME, MANAGED } from './labels.js'
import { OLD_GATEWAY_NAME } from './otherKeys.js'

/** A label of the pods of a gateway or a waypoint. */
export interface GeneratedPodLabel {
  readonly label: string
  /** The values that tell such pods from others; undefined where any value does. */
  readonly values?: readonly string[]
  /** The proxies that have it. */
  readonly of: 'gateways' | 'waypoints' | 'both'
  /**
   * Who writes it: istiod, on the pods that it deploys for a `Gateway` of the Gateway API, or a Helm
   * chart. The pods of a chart and those of a hand-written Deployment can have labels of both.
   */
  readonly writtenBy: 'istiod' | 'chart'
  /** Whether the label alone tells that a pod is a gateway's: applications can have the others. */
  readonly isProof: boolean
}

/**
 * The labels of generated proxy pods: istiod's templates `files/kube-gateway.yaml:69-76` and
 * `files/waypoint.yaml:63-73`, and the charts `gateways/istio-ingress`, `gateways/istio-egress` and
 * `gateway`. `istio: ingress` is what the chart `gateway` writes for a release named `istio-ingress`.
 */
export const GENERATED_POD_LABELS = [
  { label: GATEWAY_NAME, of: 'both', writtenBy: 'istiod', isProof: true },
  { label: GATEWAY_CLASS_NAME, of: 'both', writtenBy: 'istiod', isProof: true },
  {
    label: MANAGED,
    values: ['istio.io-gateway-controller'],
    of: 'gateways',
    writtenBy: 'istiod',
    isProof: true,
  },
  {
    label: MANAGED,
    values: ['istio.io-mesh-controller'],
    of: 'waypoints',
    writtenBy: 'istiod',
    isProof: true,
  },
  {
    label: MANAGED,
    values: ['istio.io-eastwest-controller'],
    of: 'gateways',
    writtenBy: 'istiod',
    isProof: true,
  },
  // Pods of releases before 1.24; nothing else had it.
  { label: OLD_GATEWAY_NAME, of: 'both', writtenBy: 'istiod', isProof: true },
  { label: CANONICAL_NAME, of: 'both', writtenBy: 'istiod', isProof: false },
  {
    label: 'istio',
    values: ['ingressgateway', 'egressgateway', 'ingress'],
    of: 'gateways',
    writtenBy: 'chart',
    isProof: true,
  },
  {
    label: 'app',
    values: ['istio-ingressgateway', 'istio-egressgateway'],
    of: 'gateways',
    writtenBy: 'chart',
    isProof: true,
  },
] as const satisfies readonly GeneratedPodLabel[]
