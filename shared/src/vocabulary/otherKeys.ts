import { INGRESS_USE_WAYPOINT, USE_WAYPOINT } from './labels.js'
import type { MetadataField } from './metadataKeys.js'

/**
 * Keys that Istio's code, its earlier releases or its tests know, and that its catalogue does not
 * list. Nothing is reported about them.
 */
export const UNCATALOGUED_KEYS: readonly string[] = [
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

/** A key that people write and that has no effect in any release that is described here. */
interface DeadKey {
  readonly field: MetadataField
  readonly reason: 'removed' | 'never existed'
  /** The label that has the effect. */
  readonly replacement: string
}

export const DEAD_KEYS: Readonly<Record<string, DeadKey>> = {
  // Chose the workloads of a waypoint by their account, on its Gateway.
  'istio.io/for-service-account': {
    field: 'annotations',
    reason: 'removed',
    replacement: USE_WAYPOINT,
  },
  'networking.istio.io/ingress-waypoint': {
    field: 'labels',
    reason: 'never existed',
    replacement: INGRESS_USE_WAYPOINT,
  },
}
