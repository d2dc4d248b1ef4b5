import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Gateway, Listener } from '../resources/gateway.js'
import { matchesLabelSelector } from '../resources/labelSelector.js'
import { namespaceLabel } from '../resources/namespaceId.js'
import { qualifiedName, type Labels, type Resource } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { FieldPath } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { assumed, CERTAIN, UNKNOWN, type Certainty, type KnownCertainty } from './certainty.js'
import { knowsGateways } from './described.js'
import { namespaceLabels, namespaceObject, podLabels } from './enrolment.js'
import { isWaypointClass } from './gatewayClass.js'
import { query, type Mesh } from './mesh.js'
import type { Visibility } from '../resources/meshConfig.js'
import {
  GATEWAY_NAME,
  MANAGED,
  METADATA_NAME,
  USE_WAYPOINT,
  USE_WAYPOINT_NAMESPACE,
  WAYPOINT_FOR,
} from '../vocabulary/labels.js'
import { supports } from '../vocabulary/releases.js'

const HBONE_PORT = 15008

/** Where a waypoint is chosen: the object that carries the label. */
export interface WaypointChoice {
  readonly resource: Resource
  /** Path of the `use-waypoint` label. */
  readonly path: FieldPath
  /** `namespace/name` that the label means. */
  readonly namespace: string
  readonly name: string
  /** Whether the label stands on the object itself and not on its namespace. */
  readonly own: boolean
}

/** Why a chosen waypoint is not used; the words are those of the status condition (docs/semantics.md §2.2). All fail open. */
export type WaypointError =
  | 'WaypointIsNotReady'
  | 'AttachmentDenied'
  | 'UnsupportedTrafficType'
  | 'CrossNamespaceWaypointForbidden'

export type WaypointBinding =
  | {
      readonly status: 'bound'
      readonly gateway: Gateway
      readonly choice: WaypointChoice | undefined
      readonly certainty: KnownCertainty
    }
  /** No waypoint is asked for, or the object opts out. */
  | { readonly status: 'none'; readonly certainty: KnownCertainty }
  | {
      readonly status: 'error'
      readonly reason: WaypointError
      readonly choice: WaypointChoice
      readonly gateway: Gateway | undefined
      readonly certainty: KnownCertainty
    }
  | { readonly status: 'unknown'; readonly choice: WaypointChoice | undefined }

type TrafficType = 'service' | 'workload'

/** `istio.io/waypoint-for` of the Gateway, else of its class, else `service` (waypoints.go:375-389). */
export const waypointFor = query('waypoint-for', (mesh, gateway: Gateway): string => {
  return (
    gateway.labels?.[WAYPOINT_FOR] ??
    mesh.named('GatewayClass', '', gateway.gatewayClassName)?.labels?.[WAYPOINT_FOR] ??
    'service'
  )
})

export function serves(mesh: Mesh, gateway: Gateway, traffic: TrafficType): boolean {
  const served = mesh.get(waypointFor, gateway)
  return served === 'all' || served === traffic
}

/** The waypoint of a Service's traffic (`fetchWaypointForService`). */
export const waypointOfService = query(
  'waypoint of service',
  (mesh, service: Service | ServiceEntry): WaypointBinding => {
    if (
      service.labels?.[MANAGED] === 'istio.io-mesh-controller' ||
      service.labels?.[MANAGED] === 'istio.io-eastwest-controller'
    )
      return { status: 'none', certainty: CERTAIN }
    const binding = resolve(mesh, service, service.labels, ['metadata', 'labels'])
    if (binding.status !== 'bound') return binding
    const reason = refusalOf(mesh, service, binding.gateway)
    // One that nobody chose is taken only where it serves.
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

function refusalOf(
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

/** Who sees the ServiceEntries of a namespace (`meshConfig.serviceEntryVisibility`, since 1.31). */
const visibilityOf = query('ServiceEntry visibility', (mesh, namespace: string): Visibility => {
  const { serviceEntryVisibility } = mesh.settings
  if (!serviceEntryVisibility || !supports(mesh.settings, 'serviceEntryVisibility')) return 'PUBLIC'
  const labels = { ...mesh.get(namespaceObject, namespace)?.labels, [METADATA_NAME]: namespace }
  const decides = serviceEntryVisibility.policies.find(({ namespaceSelectors }) =>
    namespaceSelectors.every((selector) => matchesLabelSelector(selector, labels)),
  )
  return decides?.visibility ?? serviceEntryVisibility.defaultVisibility
})

/** The waypoint of traffic to a workload's own address (`fetchWaypointForWorkload`). */
export const waypointOfWorkload = query(
  'waypoint of workload',
  (mesh, workload: Workload): WaypointBinding => {
    const labels = workload.type === 'WorkloadEntry' ? workload.labels : podLabels(workload)
    const path = workload.type === 'WorkloadEntry' ? [] : workload.templatePath
    const instanceOf = labels?.[GATEWAY_NAME]
    if (instanceOf !== undefined && mesh.named('Gateway', workload.namespace, instanceOf))
      return { status: 'none', certainty: CERTAIN }
    const binding = resolve(mesh, workload, labels, [...path, 'metadata', 'labels'])
    if (binding.status !== 'bound' || serves(mesh, binding.gateway, 'workload')) return binding
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

/** `fetchWaypointForTarget`: the object's own label, else its namespace's; never both. */
function resolve(
  mesh: Mesh,
  resource: Resource & { readonly namespace: string },
  labels: Labels | undefined,
  path: FieldPath,
): WaypointBinding {
  const own = choiceFrom({ resource, labels, path, namespace: resource.namespace, own: true })
  return own
    ? follow(mesh, own, resource.namespace)
    : mesh.get(waypointOfNamespace, resource.namespace)
}

/** The waypoint of whatever in a namespace names none itself; what kinds of traffic it serves is not looked at. */
export const waypointOfNamespace = query(
  'waypoint of namespace',
  (mesh, namespace: string): WaypointBinding => {
    const inherited = mesh.get(namespaceLabels, namespace)
    const object = mesh.get(namespaceObject, namespace)
    if (inherited && object) {
      const choice = choiceFrom({
        resource: object,
        labels: inherited,
        path: ['metadata', 'labels'],
        namespace,
        own: false,
      })
      return choice ? follow(mesh, choice, namespace) : { status: 'none', certainty: CERTAIN }
    }
    if (inherited) return { status: 'none', certainty: CERTAIN }
    const written =
      object &&
      choiceFrom({
        resource: object,
        labels: object.labels,
        path: ['metadata', 'labels'],
        namespace,
        own: false,
      })
    return written ? follow(mesh, written, namespace) : takenAsUsed(mesh, namespace)
  },
)

function choiceFrom(at: {
  resource: Resource
  labels: Labels | undefined
  path: FieldPath
  namespace: string
  own: boolean
}): WaypointChoice | undefined {
  const name = at.labels?.[USE_WAYPOINT]
  if (name === undefined) return undefined
  return {
    resource: at.resource,
    path: [...at.path, USE_WAYPOINT],
    namespace: at.labels?.[USE_WAYPOINT_NAMESPACE] ?? at.namespace,
    name,
    own: at.own,
  }
}

/** Where no Namespace object tells, a waypoint that lies in the namespace is taken as used (docs/knowledge.md §3). */
function takenAsUsed(mesh: Mesh, namespace: string): WaypointBinding {
  const waypoints = mesh
    .inNamespace('Gateway', namespace)
    .filter(
      (gateway) => isWaypointClass(gateway.gatewayClassName) && serves(mesh, gateway, 'service'),
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

function follow(mesh: Mesh, choice: WaypointChoice, consumer: string): WaypointBinding {
  if (choice.name === 'none') return { status: 'none', certainty: CERTAIN }
  if (isPlaceholder(choice.name) || isPlaceholder(choice.namespace))
    return { status: 'unknown', choice }
  const definitions = mesh.at('Gateway', keys.named('Gateway', choice.namespace, choice.name))
  const [gateway] = definitions
  if (!gateway) {
    if (!mesh.get(knowsGateways, choice.namespace)) return { status: 'unknown', choice }
    return {
      status: 'error',
      reason: 'WaypointIsNotReady',
      choice,
      gateway: undefined,
      certainty: CERTAIN,
    }
  }
  const allowed = allows(mesh, gateway, consumer)
  if (allowed === 'unknown' || !areAsOne(mesh, definitions, consumer))
    return { status: 'unknown', choice }
  if (!allowed)
    return { status: 'error', reason: 'AttachmentDenied', choice, gateway, certainty: CERTAIN }
  return { status: 'bound', gateway, choice, certainty: CERTAIN }
}

/** Whether the definitions of a Gateway say one thing to a consumer. Where the files are the whole mesh the first is taken. */
export function areAsOne(mesh: Mesh, definitions: readonly Gateway[], consumer: string): boolean {
  const ways = new Set(
    definitions.map(
      (gateway) =>
        `${gateway.gatewayClassName} ${mesh.get(waypointFor, gateway)} ${String(allows(mesh, gateway, consumer))}`,
    ),
  )
  return mesh.world === 'closed' || ways.size === 1
}

/** The listener whose `allowedRoutes` count for a waypoint. */
export function hboneListener(gateway: Gateway): Listener | undefined {
  return gateway.listeners.find(({ protocol, port }) => protocol === 'HBONE' && port === HBONE_PORT)
}

/** Whether a waypoint admits a namespace: the routes that its HBONE listener on 15008 allows, `Same` without one (waypoints.go:568-663). */
export function allows(mesh: Mesh, gateway: Gateway, consumer: string): boolean | 'unknown' {
  const listener = hboneListener(gateway)
  const from = listener?.allowedRoutes.from ?? 'Same'
  if (from === 'All') return true
  if (from === 'Same') return gateway.namespace === consumer
  if (from !== 'Selector') return false
  const selector = listener?.allowedRoutes.selector
  const labels = mesh.get(namespaceObject, consumer)?.labels
  if (mesh.world === 'open' && !mesh.named('Namespace', '', consumer)) return 'unknown'
  return (
    selector !== undefined &&
    matchesLabelSelector(selector, { ...labels, [METADATA_NAME]: consumer })
  )
}

/** The Services and ServiceEntries that are surely bound to a waypoint, or taken to be. */
export const servicesOfWaypoint = query(
  'services of waypoint',
  (mesh, gateway: Gateway): readonly (Service | ServiceEntry)[] => {
    return [...mesh.all('Service'), ...mesh.all('ServiceEntry')].filter((service) => {
      const binding = mesh.get(waypointOfService, service)
      return binding.status === 'bound' && binding.gateway === gateway
    })
  },
)

/** Certainty of a binding as a whole. */
export function certaintyOf(binding: WaypointBinding): Certainty {
  return binding.status === 'unknown' ? UNKNOWN : binding.certainty
}

/** `namespace/name` of a bound waypoint, else undefined. */
export function boundName(binding: WaypointBinding): string | undefined {
  return binding.status === 'bound' ? qualifiedName(binding.gateway) : undefined
}
