import { GATEWAY_NAME, INGRESS_USE_WAYPOINT, USE_WAYPOINT } from './labels.js'
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
export interface DeadKey {
  /** Where Istio read it, or where people write it. */
  readonly field: MetadataField
  /** The first release that does not read it; undefined for a key that Istio never read. */
  readonly removedIn: string | undefined
  /** The label that has the effect. */
  readonly replacement: string
}

/** The label of the pods of a Gateway before Istio 1.24. */
export const OLD_GATEWAY_NAME = 'istio.io/gateway-name'
/** Chose the workloads of a waypoint by their account, on its Gateway. */
export const FOR_SERVICE_ACCOUNT = 'istio.io/for-service-account'
export const INGRESS_WAYPOINT = 'networking.istio.io/ingress-waypoint'

export const DEAD_KEYS: Readonly<Record<string, DeadKey>> = {
  [FOR_SERVICE_ACCOUNT]: {
    field: 'annotations',
    removedIn: '1.22',
    replacement: USE_WAYPOINT,
  },
  'istio.io/service-account': { field: 'labels', removedIn: '1.22', replacement: USE_WAYPOINT },
  [OLD_GATEWAY_NAME]: { field: 'labels', removedIn: '1.24', replacement: GATEWAY_NAME },
  [INGRESS_WAYPOINT]: {
    field: 'labels',
    removedIn: undefined,
    replacement: INGRESS_USE_WAYPOINT,
  },
}
