import { podLabels } from '../../mesh/pods.js'
import type { Namespace } from '../../resources/namespace.js'
import type { Labels } from '../../resources/resource.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { Workload } from '../../inventory/workloads.js'
import type { FieldPath } from '../../yaml/node.js'
import { MANAGED, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../vocabulary/labels.js'

/** Whatever can choose a waypoint by label. */
export type WaypointConsumer = Namespace | Service | ServiceEntry | Workload

/** An object with its own `istio.io/use-waypoint` label. */
export interface LabelledObject {
  readonly subject: WaypointConsumer
  /** Where the label stands. */
  readonly path: FieldPath
  /** What it names. */
  readonly waypoint: { readonly namespace: string; readonly name: string }
  /** The namespace whose traffic it is about. */
  readonly consumer: string
  /** Whether it speaks for the object alone, not for a namespace. */
  readonly own: boolean
}

/** Undefined for objects without the label, and for a gateway's own Service, whose label nobody reads. */
export function labelledObject(subject: WaypointConsumer): LabelledObject | undefined {
  const { labels, path } = labelsOf(subject)
  const name = labels?.[USE_WAYPOINT]
  if (name === undefined || labels?.[MANAGED] !== undefined) return undefined
  const consumer = subject.type === 'Namespace' ? subject.name : subject.namespace
  return {
    subject,
    path: [...path, USE_WAYPOINT],
    waypoint: { namespace: labels?.[USE_WAYPOINT_NAMESPACE] ?? consumer, name },
    consumer,
    own: subject.type !== 'Namespace',
  }
}

/** Labels are read on the pods, not on the objects that make them. */
function labelsOf(subject: WaypointConsumer): {
  readonly labels: Labels | undefined
  readonly path: FieldPath
} {
  if ('templatePath' in subject)
    return { labels: podLabels(subject), path: [...subject.templatePath, 'metadata', 'labels'] }
  return { labels: subject.labels, path: ['metadata', 'labels'] }
}
