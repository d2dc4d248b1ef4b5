import { DATAPLANE_MODE } from '../../mesh/enrolment.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE, WAYPOINT_FOR } from '../../mesh/waypoints.js'
import { parseBool } from '../../text/goValues.js'
import { INGRESS_USE_WAYPOINT } from '../../access/route.js'
import type { ResourceType } from '../../resources/resource.js'
import type { MetadataField } from '../enrolment/istioKeys.js'

/** One label (or annotation) of ambient mode: where Istio reads it, and what it may say. */
export interface IstioLabel {
  readonly field: MetadataField
  /** Kinds whose own metadata it is read from; a Gateway copies the labels of its pods. */
  readonly kinds: readonly ResourceType[]
  readonly onPods: boolean
  /** Those places in words. */
  readonly readers: string
  /** What it may say, in words. */
  readonly domain: string
  accepts(value: string): boolean
}

const CANARY = 'istio.io/use-waypoint-canary'
const CANARY_NAMESPACE = 'istio.io/use-waypoint-canary-namespace'
export const CANARY_WEIGHT = 'istio.io/use-waypoint-canary-weight'

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/
const NAMESPACE_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/

const oneOf =
  (...values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value)
const isObjectName = (value: string): boolean => OBJECT_NAME.test(value)
const isNamespaceName = (value: string): boolean => NAMESPACE_NAME.test(value)

const SERVICES = {
  field: 'labels',
  kinds: ['Namespace', 'Service', 'ServiceEntry'],
  onPods: false,
  readers: 'Namespaces, Services and ServiceEntries',
} as const
const CONSUMERS = {
  field: 'labels',
  kinds: ['Namespace', 'Service', 'ServiceEntry', 'WorkloadEntry', 'Gateway'],
  onPods: true,
  readers: 'Namespaces, Services and pods',
} as const

/** The labels of ambient mode (docs/semantics.md §1.1, §2.2, §2.4, §2.5). */
export const AMBIENT_LABELS: ReadonlyMap<string, IstioLabel> = new Map<string, IstioLabel>([
  // What a WorkloadEntry says of its own proxy is left alone.
  [
    DATAPLANE_MODE,
    {
      field: 'labels',
      kinds: ['Namespace', 'Gateway', 'WorkloadEntry'],
      onPods: true,
      readers: 'Namespaces and pods',
      domain: '"ambient" or "none"',
      accepts: oneOf('ambient', 'none'),
    },
  ],
  [
    USE_WAYPOINT,
    { ...CONSUMERS, domain: 'the name of a Gateway or "none"', accepts: isObjectName },
  ],
  [
    USE_WAYPOINT_NAMESPACE,
    { ...CONSUMERS, domain: 'the name of a namespace', accepts: isNamespaceName },
  ],
  [CANARY, { ...SERVICES, domain: 'the name of a Gateway', accepts: isObjectName }],
  [CANARY_NAMESPACE, { ...SERVICES, domain: 'the name of a namespace', accepts: isNamespaceName }],
  [
    CANARY_WEIGHT,
    {
      ...SERVICES,
      field: 'annotations',
      domain: 'a whole number from 0 to 100',
      accepts: (value) => /^[+-]?\d+$/.test(value) && Number(value) >= 0 && Number(value) <= 100,
    },
  ],
  [
    INGRESS_USE_WAYPOINT,
    {
      ...SERVICES,
      domain: '"true" or "false"',
      accepts: (value) => parseBool(value) !== undefined,
    },
  ],
  [
    WAYPOINT_FOR,
    {
      field: 'labels',
      kinds: ['Gateway', 'GatewayClass'],
      onPods: false,
      readers: 'Gateways and GatewayClasses',
      domain: '"service", "workload", "all" or "none"',
      accepts: oneOf('service', 'workload', 'all', 'none'),
    },
  ],
])

/** Whether Istio reads a label from the metadata of an object, or of the pods that it makes. */
export function isReadFrom(label: IstioLabel, type: ResourceType, ofPods: boolean): boolean {
  return ofPods ? label.onPods : label.kinds.includes(type)
}
