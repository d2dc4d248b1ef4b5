import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Gateway } from '../resources/gateway.js'
import { namespaceLabel } from '../resources/namespaceId.js'
import type { Labels, Resource } from '../resources/resource.js'
import { isExternalName, type Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import {
  GATEWAY_NAME,
  MANAGED,
  USE_WAYPOINT,
  USE_WAYPOINT_NAMESPACE,
} from '../vocabulary/labels.js'
import { addToGroup, NONE } from '../text/collections.js'
import type { FieldPath } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { assumed, CERTAIN } from './certainty.js'
import { knowsGateways } from './described.js'
import { isWaypointClass } from './gatewayClass.js'
import { query, type Mesh } from './mesh.js'
import { namespaceLabels } from './namespaceEnrolment.js'
import { namespaceObject } from './namespaces.js'
import { podLabelPath, podLabels } from './pods.js'
import { gatewayVisibility, isRead } from './discovery.js'
import { visibilityOf } from './serviceEntryVisibility.js'
import type { WaypointBinding, WaypointChoice, WaypointError } from './waypointBinding.js'
import { allows, definitionsAgree, serves } from './waypointGateway.js'

/**
 * The waypoint of the traffic to a Service (`fetchWaypointForService`, docs/semantics.md §2.2). A
 * Service of type ExternalName has none, also with a label that selects one (docs/semantics.md §2.6).
 */
export const waypointOfService = query(
  'waypoint of service',
  (mesh, service: Service | ServiceEntry): WaypointBinding =>
    isExternalName(service) || isUnpublished(mesh, service)
      ? { status: 'none', certainty: CERTAIN }
      : mesh.get(waypointByLabels, service),
)

/** Whether istiod configures nothing for a ServiceEntry: its visibility is NONE (docs/semantics.md §2.9). */
export function isUnpublished(mesh: Mesh, { type, namespace }: Service | ServiceEntry): boolean {
  return type === 'ServiceEntry' && mesh.get(visibilityOf, namespace) === 'NONE'
}

/** The waypoint that the labels of a Service, or of its Namespace, select. */
export const waypointByLabels = query(
  'waypoint by labels',
  (mesh, service: Service | ServiceEntry): WaypointBinding => {
    const managed = service.labels?.[MANAGED]
    if (
      managed === 'istio.io-mesh-controller' ||
      managed === 'istio.io-eastwest-controller' ||
      !isRead(mesh, service)
    )
      return { status: 'none', certainty: CERTAIN }
    const binding = resolve(mesh, service, { labels: service.labels, path: ['metadata', 'labels'] })
    if (binding.status !== 'bound') return binding
    const reason = whyNotForService(mesh, service, binding.gateway)
    // An assumed waypoint has no label that could be wrong.
    if (reason === undefined || !binding.choice) return binding
    return {
      status: 'error',
      reason,
      choice: binding.choice,
      gateway: binding.gateway,
      certainty: binding.certainty,
    }
  },
)

function whyNotForService(
  mesh: Mesh,
  service: Service | ServiceEntry,
  gateway: Gateway,
): WaypointError | undefined {
  if (!serves(mesh, gateway, 'service')) return 'UnsupportedTrafficType'
  const foreign = service.type === 'ServiceEntry' && gateway.namespace !== service.namespace
  return foreign && mesh.get(visibilityOf, service.namespace) === 'NAMESPACE'
    ? 'CrossNamespaceWaypointForbidden'
    : undefined
}

/**
 * The waypoint of the traffic to the address of a workload. ztunnel does not know the addresses of pods on the host
 * network, and so sends no traffic to them through the waypoint that istiod sends (docs/semantics.md §2.8).
 */
export const waypointOfWorkload = query(
  'waypoint of workload',
  (mesh, workload: Workload): WaypointBinding =>
    workload.type !== 'WorkloadEntry' && workload.template.hostNetwork
      ? { status: 'none', certainty: CERTAIN }
      : mesh.get(waypointSentForWorkload, workload),
)

/** The waypoint that istiod sends to ztunnel for a workload (`fetchWaypointForWorkload`). */
export const waypointSentForWorkload = query(
  'waypoint sent for workload',
  (mesh, workload: Workload): WaypointBinding => {
    const labels = podLabels(workload)
    const instanceOf = labels?.[GATEWAY_NAME]
    if (instanceOf !== undefined && mesh.named('Gateway', workload.namespace, instanceOf))
      return { status: 'none', certainty: CERTAIN }
    if (!isRead(mesh, workload)) return { status: 'none', certainty: CERTAIN }
    const binding = resolve(mesh, workload, {
      labels,
      path: podLabelPath(workload, USE_WAYPOINT).slice(0, -1),
    })
    if (binding.status !== 'bound' || serves(mesh, binding.gateway, 'workload')) return binding
    // The label of a namespace is for the traffic that the waypoint serves.
    if (!binding.choice?.own) return { status: 'none', certainty: binding.certainty }
    return {
      status: 'error',
      reason: 'UnsupportedTrafficType',
      choice: binding.choice,
      gateway: binding.gateway,
      certainty: binding.certainty,
    }
  },
)

/**
 * The waypoint of the objects in a namespace that have no label of their own, for any type of
 * traffic.
 */
export const waypointOfNamespace = query(
  'waypoint of namespace',
  (mesh, namespace: string): WaypointBinding => {
    const isKnown = mesh.get(namespaceLabels, namespace) !== undefined
    const object = mesh.get(namespaceObject, namespace)
    const choice =
      object &&
      choiceIn(
        { labels: object.labels, path: ['metadata', 'labels'] },
        { resource: object, namespace, own: false },
      )
    if (choice) return follow(mesh, choice, namespace)
    return isKnown ? { status: 'none', certainty: CERTAIN } : assumedForNamespace(mesh, namespace)
  },
)

/** The Services and ServiceEntries that are bound to a waypoint, certainly or by assumption. */
export const servicesOfWaypoint = query(
  'services of waypoint',
  (mesh, gateway: Gateway): readonly (Service | ServiceEntry)[] =>
    mesh.get(servicesByWaypoint, '').get(gateway) ?? NONE,
)

/** One list of all Services for all waypoints: each waypoint alone would read all of them. */
const servicesByWaypoint = query(
  'services by waypoint',
  (mesh, _: ''): ReadonlyMap<Gateway, readonly (Service | ServiceEntry)[]> => {
    const found = new Map<Gateway, (Service | ServiceEntry)[]>()
    for (const service of [...mesh.all('Service'), ...mesh.all('ServiceEntry')]) {
      const binding = mesh.get(waypointOfService, service)
      if (binding.status === 'bound') addToGroup(found, binding.gateway, service)
    }
    return found
  },
)

/** Labels with the path at which they are written. */
interface PlacedLabels {
  readonly labels: Labels | undefined
  readonly path: FieldPath
}

/** `fetchWaypointForTarget`: by the label of the object, else by that of its namespace. */
function resolve(
  mesh: Mesh,
  resource: Resource & { readonly namespace: string },
  at: PlacedLabels,
): WaypointBinding {
  const { namespace } = resource
  const own = choiceIn(at, { resource, namespace, own: true })
  return own ? follow(mesh, own, namespace) : mesh.get(waypointOfNamespace, namespace)
}

function choiceIn(
  { labels, path }: PlacedLabels,
  { resource, namespace, own }: Pick<WaypointChoice, 'resource' | 'namespace' | 'own'>,
): WaypointChoice | undefined {
  const name = labels?.[USE_WAYPOINT]
  if (name === undefined) return undefined
  return {
    resource,
    path: [...path, USE_WAYPOINT],
    namespace: labels?.[USE_WAYPOINT_NAMESPACE] ?? namespace,
    name,
    own,
  }
}

/**
 * Where the labels of a namespace are unknown, the only waypoint in it is assumed to be used
 * (docs/knowledge.md §3).
 */
function assumedForNamespace(mesh: Mesh, namespace: string): WaypointBinding {
  const waypoints = mesh
    .inNamespace('Gateway', namespace)
    .filter(
      (gateway) =>
        isWaypointClass(gateway.gatewayClassName) &&
        serves(mesh, gateway, 'service') &&
        isRead(mesh, gateway),
    )
  const [only] = waypoints
  if (!only || waypoints.some(({ name }) => name !== only.name))
    return { status: 'unknown', choice: undefined }
  return {
    status: 'bound',
    gateway: only,
    choice: undefined,
    certainty: assumed(
      `${namespaceLabel(namespace)} uses the waypoint "${only.name}" that lies in it`,
    ),
  }
}

/** What a label leads to, for an object in the namespace `consumer`. */
function follow(mesh: Mesh, choice: WaypointChoice, consumer: string): WaypointBinding {
  if (choice.name === 'none') return { status: 'none', certainty: CERTAIN }
  if (isPlaceholder(choice.name) || isPlaceholder(choice.namespace))
    return { status: 'unknown', choice }
  const visibility = mesh.get(gatewayVisibility, choice.namespace)
  const definitions = mesh.at('Gateway', keys.named('Gateway', choice.namespace, choice.name))
  const [gateway] = definitions
  if (visibility === 'unknown') return { status: 'unknown', choice }
  if (!gateway || visibility === 'hidden') {
    if (visibility !== 'hidden' && !mesh.get(knowsGateways, choice.namespace))
      return { status: 'unknown', choice }
    return {
      status: 'error',
      reason: 'WaypointIsNotReady',
      choice,
      gateway: undefined,
      certainty: CERTAIN,
    }
  }
  const allowed = allows(mesh, gateway, consumer)
  if (allowed === 'unknown' || !definitionsAgree(mesh, definitions, consumer))
    return { status: 'unknown', choice }
  if (!allowed)
    return { status: 'error', reason: 'AttachmentDenied', choice, gateway, certainty: CERTAIN }
  return { status: 'bound', gateway, choice, certainty: CERTAIN }
}
