import { ANNOTATIONS, USE_WAYPOINT_CANARY_WEIGHT } from '../../vocabulary/annotations.js'
import {
  DATAPLANE_MODE,
  INGRESS_USE_WAYPOINT,
  LABELS,
  USE_WAYPOINT,
  USE_WAYPOINT_CANARY,
  USE_WAYPOINT_CANARY_NAMESPACE,
  USE_WAYPOINT_NAMESPACE,
  WAYPOINT_FOR,
} from '../../vocabulary/labels.js'
import type { MetadataField, MetadataKey } from '../../vocabulary/metadataKeys.js'

/** One label (or annotation) of ambient mode, with the words for it. */
export interface IstioLabel extends MetadataKey {
  readonly field: MetadataField
  /** Where Istio reads it, in words. */
  readonly readers: string
  /** What it may say, in words. */
  readonly domain: string
}

const ON_SERVICES = 'Namespaces, Services and ServiceEntries'
const ON_CONSUMERS = 'Namespaces, Services and pods'

function label(name: keyof typeof LABELS, readers: string, domain: string): [string, IstioLabel] {
  return [name, { ...LABELS[name], field: 'labels', readers, domain }]
}

function annotation(
  name: keyof typeof ANNOTATIONS,
  readers: string,
  domain: string,
): [string, IstioLabel] {
  return [name, { ...ANNOTATIONS[name], field: 'annotations', readers, domain }]
}

/** The labels of ambient mode whose places and values are checked. */
export const AMBIENT_LABELS: ReadonlyMap<string, IstioLabel> = new Map([
  label(DATAPLANE_MODE, 'Namespaces and pods', '"ambient" or "none"'),
  label(USE_WAYPOINT, ON_CONSUMERS, 'the name of a Gateway or "none"'),
  label(USE_WAYPOINT_NAMESPACE, ON_CONSUMERS, 'the name of a namespace'),
  label(USE_WAYPOINT_CANARY, ON_SERVICES, 'the name of a Gateway'),
  label(USE_WAYPOINT_CANARY_NAMESPACE, ON_SERVICES, 'the name of a namespace'),
  annotation(USE_WAYPOINT_CANARY_WEIGHT, ON_SERVICES, 'a whole number from 0 to 100'),
  label(INGRESS_USE_WAYPOINT, ON_SERVICES, '"true" or "false"'),
  label(WAYPOINT_FOR, 'Gateways and GatewayClasses', '"service", "workload", "all" or "none"'),
])
