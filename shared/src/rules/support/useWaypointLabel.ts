import { podLabelPath, podLabels } from '../../mesh/pods.js'
import type { Namespace } from '../../resources/namespace.js'
import type { Labels } from '../../resources/resource.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { Workload } from '../../inventory/workloads.js'
import type { FieldPath } from '../../yaml/node.js'
import { MANAGED, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'

/** An object that can select a waypoint by label. */
export type WaypointConsumer = Namespace | Service | ServiceEntry | Workload

/** The `istio.io/use-waypoint` label of one object. */
export interface UseWaypointLabel {
  readonly subject: WaypointConsumer
  /** The field of the label. */
  readonly path: FieldPath
  /** The waypoint that the label names. */
  readonly waypoint: { readonly namespace: string; readonly name: string }
  /** The namespace of the traffic that would use the waypoint. */
  readonly consumerNamespace: string
  /** False for the label of a Namespace. */
  readonly isOwnLabel: boolean
}

/** Undefined for objects without the label, and for a gateway's own Service, where the label has no effect. */
export function useWaypointLabelOf(subject: WaypointConsumer): UseWaypointLabel | undefined {
  const { labels, path } = labelsOf(subject)
  const name = labels?.[USE_WAYPOINT]
  if (name === undefined || labels?.[MANAGED] !== undefined) return undefined
  const consumerNamespace = subject.type === 'Namespace' ? subject.name : subject.namespace
  return {
    subject,
    path: [...path, USE_WAYPOINT],
    waypoint: { namespace: labels?.[USE_WAYPOINT_NAMESPACE] ?? consumerNamespace, name },
    consumerNamespace,
    isOwnLabel: subject.type !== 'Namespace',
  }
}

/** Istio reads the labels of pods and WorkloadEntries, not of the objects that create pods. */
export function labelsOf(subject: WaypointConsumer): {
  readonly labels: Labels | undefined
  readonly path: FieldPath
} {
  if ('templatePath' in subject || subject.type === 'WorkloadEntry')
    return {
      labels: podLabels(subject),
      path: podLabelPath(subject, USE_WAYPOINT).slice(0, -1),
    }
  return { labels: subject.labels, path: ['metadata', 'labels'] }
}
