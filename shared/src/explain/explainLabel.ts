import { ingressUsesWaypoint } from '../access/route.js'
import { isWorkload } from '../inventory/workloads.js'
import { whyUncaptured } from '../mesh/hostAddress.js'
import type { Mesh } from '../mesh/mesh.js'
import { waypointOfNamespace, waypointOfService, waypointOfWorkload } from '../mesh/waypoints.js'
import { waypointFor } from '../mesh/waypointGateway.js'
import { parseBool } from '../text/goValues.js'
import type { Resource } from '../resources/resource.js'
import type { FieldPath } from '../yaml/node.js'
import { escapeMarkdown } from './escapeMarkdown.js'
import { explainEnrolment, explainNamespaceEnrolment } from './support/enrolmentWords.js'
import { Notes, sentence } from './support/notes.js'
import { explainWaypoint } from './support/waypointWords.js'
import type { WaypointExplanation } from './explanation.js'
import {
  DATAPLANE_MODE,
  INGRESS_USE_WAYPOINT,
  USE_WAYPOINT,
  USE_WAYPOINT_NAMESPACE,
  WAYPOINT_FOR,
} from '../vocabulary/labels.js'

const MEANINGS: Readonly<Record<string, string>> = {
  [DATAPLANE_MODE]:
    'The exact value `ambient` puts pods in ambient mode: on a Namespace all its pods, on a pod only this pod. ' +
    'A pod with `none` is left out. ' +
    'A pod with a sidecar keeps its sidecar, and a pod on the host network is never captured.',
  [USE_WAYPOINT]:
    'The waypoint that traffic goes through. On a Service or ServiceEntry: traffic to it. ' +
    "On a pod: traffic to the pod's own address. On a Namespace: everything in it without this label. " +
    '`none` means no waypoint. ' +
    'If the Gateway cannot be used, traffic goes **directly to the pods**, without layer 7; ' +
    "the namespace's waypoint is not used instead.",
  [USE_WAYPOINT_NAMESPACE]:
    "The namespace of the waypoint in `istio.io/use-waypoint` on the same object; absent: the object's own namespace.",
  [WAYPOINT_FOR]:
    'The traffic that a waypoint serves: `service` (default), `workload` (traffic to pod addresses), `all` or `none`.',
  [INGRESS_USE_WAYPOINT]:
    'Whether ingress gateways send requests through the waypoint of a Service or ServiceEntry. ' +
    'Without it they **bypass** the waypoint and its policies. On a Namespace: for every Service without this label.',
}

/** What one of Istio's labels means, and its effect on this object; undefined for other fields. */
export function explainLabel(mesh: Mesh, resource: Resource, path: FieldPath): string | undefined {
  const label = path.at(-1)
  if (path.at(-2) !== 'labels' || path.at(-3) !== 'metadata' || typeof label !== 'string')
    return undefined
  const meaning = MEANINGS[label]
  if (meaning === undefined) return undefined
  const here = effectHere(mesh, resource, { label, owner: path.slice(0, -3) })
  return `**${label}**\n\n**Here**: ${escapeMarkdown(sentence(here))}\n\n${meaning}\n`
}

interface Place {
  readonly label: string
  /** Path of the object or pod template with the label. */
  readonly owner: FieldPath
}

function effectHere(mesh: Mesh, resource: Resource, { label, owner }: Place): string {
  const notes = new Notes()
  if (label === WAYPOINT_FOR)
    return resource.type === 'Gateway'
      ? `this Gateway serves ${mesh.get(waypointFor, resource)} traffic`
      : resource.type === 'GatewayClass'
        ? 'the default for Gateways of this class without this label'
        : NOT_READ
  if (label === INGRESS_USE_WAYPOINT) return ingressEffect(mesh, resource)
  const isPod =
    isWorkload(resource) &&
    resource.type !== 'WorkloadEntry' &&
    samePath(owner, resource.templatePath)
  if (label === DATAPLANE_MODE) {
    const enrolment = isPod
      ? explainEnrolment(mesh, resource, notes)
      : resource.type === 'Namespace'
        ? explainNamespaceEnrolment(mesh, resource.name, notes)
        : undefined
    if (!enrolment)
      return resource.type === 'Gateway' ? 'istiod copies it to the pods of the gateway' : NOT_READ
    return `${enrolment.mode === 'none' ? 'not in the mesh' : enrolment.mode}: ${enrolment.why}`
  }
  const waypoint = waypointAt(mesh, resource, { isPod, notes })
  return waypoint ? waypointInWords(waypoint) : NOT_READ
}

function ingressEffect(mesh: Mesh, resource: Resource): string {
  const isUsed =
    resource.type === 'Service' || resource.type === 'ServiceEntry'
      ? ingressUsesWaypoint(mesh, resource)
      : resource.type === 'Namespace'
        ? parseBool(resource.labels?.[INGRESS_USE_WAYPOINT] ?? '') === true
        : undefined
  return isUsed === undefined
    ? NOT_READ
    : `ingress gateways ${isUsed ? 'use' : 'bypass'} the waypoint`
}

const NOT_READ = 'Istio ignores this label on this object'

function waypointAt(
  mesh: Mesh,
  resource: Resource,
  { isPod, notes }: { isPod: boolean; notes: Notes },
): WaypointExplanation | undefined {
  if (resource.type === 'Service' || resource.type === 'ServiceEntry') {
    const binding = mesh.get(waypointOfService, resource)
    const waypoint = explainWaypoint(mesh, binding, resource, notes)
    const uncaptured = binding.status === 'bound' ? whyUncaptured(mesh, resource) : undefined
    return uncaptured ? { ...waypoint, why: `${waypoint.why}, but ${uncaptured.why}` } : waypoint
  }
  if (resource.type === 'Namespace')
    return explainWaypoint(
      mesh,
      mesh.get(waypointOfNamespace, resource.name),
      { namespace: resource.name, labels: resource.labels },
      notes,
    )
  if (isWorkload(resource) && (isPod || resource.type === 'WorkloadEntry')) {
    const { labels, hostNetwork } =
      resource.type === 'WorkloadEntry'
        ? { labels: resource.labels, hostNetwork: false }
        : resource.template
    return explainWaypoint(
      mesh,
      mesh.get(waypointOfWorkload, resource),
      { namespace: resource.namespace, labels, hostNetwork },
      notes,
    )
  }
  return undefined
}

function waypointInWords({ status, name, why }: WaypointExplanation): string {
  return status === 'bound'
    ? `waypoint ${name ?? ''}: ${why}`
    : status === 'unknown'
      ? `not known: ${why}`
      : `no waypoint: ${why}`
}

function samePath(a: FieldPath, b: FieldPath): boolean {
  return a.length === b.length && a.every((segment, index) => segment === b[index])
}
