import { isRead } from '../../mesh/discovery.js'
import { selectorKey, labelsOfKey, workloadsWithLabels } from '../../mesh/selectorClasses.js'
import type { Workload } from '../../inventory/workloads.js'
import { canaryOfService } from '../../mesh/canary.js'
import { enforcesPolicies, isWaypointClass } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { servicesOfWorkload, workloadsOfService } from '../../mesh/services.js'
import { servicesOfWaypoint, waypointOfService } from '../../mesh/waypoints.js'
import type { WaypointBinding } from '../../mesh/waypointBinding.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { Telemetry } from '../../resources/telemetry.js'
import type { WasmPlugin } from '../../resources/wasmPlugin.js'
import type { Edit, PlainObject } from '../fix.js'
import { createWaypointEdits, DEFAULT_WAYPOINT_NAME } from './createWaypoint.js'
import { canHaveWaypoint, identityOf, type WaypointIdentity } from './waypointIdentity.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import { USE_WAYPOINT } from '../../vocabulary/labels.js'
import { GATEWAY_API } from '../../vocabulary/kinds.js'

const MAX_TARGET_REFS = 16

/** The targets to which a policy without targetRefs can be moved. */
export interface WaypointTargets {
  readonly refs: readonly PlainObject[]
  /** The Services whose traffic the references cover. */
  readonly services: readonly Service[]
  /** Empty where the waypoint of the Services is not known from the files. */
  readonly waypoints: readonly WaypointIdentity[]
  /** Creates the waypoint; empty where there is one. */
  readonly creationEdits: readonly Edit[]
}

/** A resource that can select a waypoint by targetRefs. */
export type Attachable = AuthorizationPolicy | RequestAuthentication | Telemetry | WasmPlugin

/**
 * The targetRefs that cover the same workloads as a policy without targetRefs: the Services of its workloads,
 * the waypoint of its namespace, or the class of all waypoints. Undefined where the files show none, where
 * some traffic would not be covered, and for policies of gateways.
 */
export function waypointTargets(mesh: Mesh, policy: Attachable): WaypointTargets | undefined {
  if (policy.targetRefs.length > 0 || selectsProxies(mesh, policy)) return undefined
  const inRoot = policy.namespace === mesh.settings.rootNamespace
  if (!isEmptyLabels(policy.selector?.matchLabels)) {
    if (inRoot) return undefined
    return hasServices(mesh, policy)
      ? targetsForServices(mesh, policy, servicesForSelector(mesh, policy))
      : targetsForNamespace(mesh, policy)
  }
  return inRoot ? targetsForMesh(mesh) : targetsForNamespace(mesh, policy)
}

/** Every waypoint of the mesh; only a policy in the root namespace can target the class (docs/semantics.md §3.2). */
function targetsForMesh(mesh: Mesh): WaypointTargets | undefined {
  const waypoints = mesh
    .all('Gateway')
    .filter((gateway) => gateway.gatewayClassName === WAYPOINT_CLASS)
  if (waypoints.length === 0) return undefined
  return {
    refs: [reference(GATEWAY_API, 'GatewayClass', WAYPOINT_CLASS)],
    services: [],
    waypoints: waypoints.map((gateway) => identityOf(mesh, gateway)),
    creationEdits: [],
  }
}

/** Whether the files show or may hide Services of the namespace. Without any, a policy can target its waypoint. */
function hasServices(mesh: Mesh, { namespace }: Attachable): boolean {
  return mesh.inNamespace('Service', namespace).length > 0 || mesh.hasOpaque('Service')
}

function targetsForNamespace(mesh: Mesh, policy: Attachable): WaypointTargets | undefined {
  const services = mesh.inNamespace('Service', policy.namespace).filter(canHaveWaypoint)
  const bindings = services.map((service) => mesh.get(waypointOfService, service))
  const isNew = !hasServices(mesh, policy) && waypointsIn(mesh, policy.namespace).length === 0
  if (isNew || (services.length > 0 && bindings.every(hasNoChoice)))
    return targetsWithNewWaypoint(mesh, policy, services)
  const gateways =
    services.length > 0 ? boundGateways(mesh, bindings) : waypointsIn(mesh, policy.namespace)
  const [only] = gateways ?? []
  if (!gateways || !only) return undefined
  const servesOnlyOwnNamespace =
    gateways.length === 1 &&
    services.every((service) => canaryOfService(mesh, service) === undefined) &&
    only.namespace === policy.namespace &&
    mesh.get(servicesOfWaypoint, only).every(({ namespace }) => namespace === policy.namespace)
  if (!servesOnlyOwnNamespace) return targetsForServices(mesh, policy, services)
  return {
    refs: [gatewayReference(only.name)],
    services,
    waypoints: [identityOf(mesh, only)],
    creationEdits: [],
  }
}

function targetsForServices(
  mesh: Mesh,
  policy: Attachable,
  services: readonly Service[],
): WaypointTargets | undefined {
  if (services.length === 0 || services.length > MAX_TARGET_REFS) return undefined
  const bindings = services.map((service) => mesh.get(waypointOfService, service))
  const targets = { refs: services.map(({ name }) => reference('', 'Service', name)), services }
  if (bindings.every(({ status }) => status === 'unknown'))
    return { ...targets, waypoints: [], creationEdits: [] }
  if (bindings.every(hasNoChoice)) {
    const made = targetsWithNewWaypoint(mesh, policy, services)
    return made && { ...made, ...targets }
  }
  const gateways = boundGateways(mesh, bindings)
  return (
    gateways && {
      ...targets,
      waypoints: withCanaries(mesh, services, gateways).map((gateway) => identityOf(mesh, gateway)),
      creationEdits: [],
    }
  )
}

/** The waypoints, and the canary waypoints that take some of the connections to the Services. */
function withCanaries(
  mesh: Mesh,
  services: readonly Service[],
  gateways: readonly Gateway[],
): Gateway[] {
  const canaries = services.flatMap((service) => canaryOfService(mesh, service) ?? [])
  return [...new Set([...gateways, ...canaries])]
}

function targetsWithNewWaypoint(
  mesh: Mesh,
  policy: Attachable,
  services: readonly Service[],
): WaypointTargets | undefined {
  if (services.some((service) => service.labels?.[USE_WAYPOINT] !== undefined)) return undefined
  const creation = createWaypointEdits(
    mesh,
    policy.namespace,
    policy.type === 'AuthorizationPolicy' ? { moved: policy } : {},
  )
  const made = {
    name: DEFAULT_WAYPOINT_NAME,
    account: `${policy.namespace}/${DEFAULT_WAYPOINT_NAME}`,
  }
  return (
    creation && {
      refs: [gatewayReference(DEFAULT_WAYPOINT_NAME)],
      services,
      waypoints: [made],
      creationEdits: creation,
    }
  )
}

/** Whether no label selects a waypoint. */
function hasNoChoice(binding: WaypointBinding): boolean {
  return binding.status === 'none'
}

/** The waypoints of several bindings, each once. Undefined where one is not bound, or enforces no policies. */
function boundGateways(mesh: Mesh, bindings: readonly WaypointBinding[]): Gateway[] | undefined {
  const bound = bindings.flatMap((binding) => (binding.status === 'bound' ? [binding.gateway] : []))
  return bound.length === bindings.length &&
    bound.every(({ gatewayClassName }) => mesh.get(enforcesPolicies, gatewayClassName))
    ? [...new Set(bound)]
    : undefined
}

function waypointsIn(mesh: Mesh, namespace: string): Gateway[] {
  return mesh
    .inNamespace('Gateway', namespace)
    .filter(
      (gateway) =>
        isWaypointClass(gateway.gatewayClassName) &&
        mesh.get(enforcesPolicies, gateway.gatewayClassName) &&
        serves(mesh, gateway, 'service'),
    )
}

/**
 * The Services that cover the workloads of a selector: those with only selected pods, if together they have
 * all of them; else those that have all selected pods and others too; else none.
 */
function servicesForSelector(mesh: Mesh, policy: Attachable): readonly Service[] {
  const { namespace, selector } = policy
  const key = selectorKey({ namespace, labels: selector?.matchLabels })
  return policy.type === 'AuthorizationPolicy' && !isRead(mesh, policy)
    ? servicesByLabels(mesh, key)
    : mesh.get(servicesForSelection, key)
}

function servicesByLabels(mesh: Mesh, key: string): readonly Service[] {
  const { namespace = '', labels } = labelsOfKey(key)
  const services = mesh.inNamespace('Service', namespace).filter(canHaveWaypoint)
  const inside = services.filter((service) => matchesLabels(labels, service.selector))
  return inside.length > 0
    ? inside
    : services.filter((service) => matchesLabels(service.selector, labels))
}

const servicesForSelection = query(
  'services for selection',
  (mesh, key: string): readonly Service[] => {
    const selected = mesh.get(workloadsWithLabels, key)
    if (selected.length === 0) return servicesByLabels(mesh, key)
    const all = new Set(selected)
    const withWorkloads = servicesOf(mesh, selected).map((service) => ({
      service,
      workloads: mesh.get(workloadsOfService, service),
    }))
    const inside = withWorkloads.filter(
      ({ workloads }) => workloads.length > 0 && workloads.every((workload) => all.has(workload)),
    )
    if (
      includesAll(
        inside.flatMap(({ workloads }) => workloads),
        selected,
      )
    )
      return inside.map(({ service }) => service)
    return withWorkloads
      .filter(
        ({ workloads }) => workloads.length >= selected.length && includesAll(workloads, selected),
      )
      .map(({ service }) => service)
  },
)

/** The Services with a pod of these workloads, which are in one namespace, in the order of the files. */
function servicesOf(mesh: Mesh, workloads: readonly Workload[]): readonly Service[] {
  const found = new Set(workloads.flatMap((workload) => mesh.get(servicesOfWorkload, workload)))
  const services = [...found].filter(canHaveWaypoint)
  const [first, ...others] = services
  return first === undefined || others.length === 0
    ? services
    : mesh
        .inNamespace('Service', first.namespace)
        .filter((service) => found.has(service) && canHaveWaypoint(service))
}

function includesAll(list: readonly Workload[], some: readonly Workload[]): boolean {
  if (list === some) return true
  const all = new Set(list)
  return some.every((workload) => all.has(workload))
}

function gatewayReference(name: string): PlainObject {
  return reference(GATEWAY_API, 'Gateway', name)
}

function reference(group: string, kind: string, name: string): PlainObject {
  return { kind, group, name }
}
