import type { Workload } from '../../inventory/workloads.js'
import { keys } from '../../inventory/indexKeys.js'
import { isRejected } from '../../resources/rejected.js'
import { knowsGateways } from '../../mesh/described.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { isWaypointClass } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Edit, Fix, PlainObject } from '../fix.js'
import { isNamedElsewhere } from '../support/waypointReferences.js'
import { waypointLabels } from './bindService.js'
import { metadataBeside } from './newObject.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE, WAYPOINT_FOR } from '../../vocabulary/labels.js'

/** The default name of `istioctl waypoint generate`. */
export const DEFAULT_WAYPOINT_NAME = 'waypoint'

/** The Gateway that `istioctl waypoint generate` writes. */
export function waypointGateway(
  metadata: PlainObject,
  traffic: 'service' | 'workload' = 'service',
): PlainObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { labels: { [WAYPOINT_FOR]: traffic }, ...metadata },
    spec: {
      gatewayClassName: WAYPOINT_CLASS,
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    },
  }
}

/** Creates a waypoint for all Services of an ambient namespace. Undefined as for `createWaypointEdits`. */
export function createWaypoint(
  mesh: Mesh,
  namespace: string,
  name = DEFAULT_WAYPOINT_NAME,
): Fix | undefined {
  const edits = createWaypointEdits(mesh, namespace, { name })
  return edits && edits.length > 0
    ? {
        title: 'Create a waypoint and use it',
        activates: 'waypoint',
        preferred: true,
        safe: false,
        edits,
      }
    : undefined
}

/**
 * Creates the waypoint that a pod or WorkloadEntry names, for traffic to its address. Undefined as for
 * `createWaypointEdits`.
 */
export function createWorkloadWaypoint(
  mesh: Mesh,
  workload: Workload,
  name: string,
): Fix | undefined {
  const { namespace } = workload
  if (
    mesh.named('Gateway', namespace, name) ||
    policiesNameClients(mesh, namespace, undefined) ||
    mesh.get(namespaceEnrolment, namespace).mode !== 'ambient'
  )
    return undefined
  return {
    title: `Create waypoint "${name}" for workloads`,
    activates: 'waypoint',
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'add',
        after: workload,
        objects: [waypointGateway({ ...metadataBeside(workload, name) }, 'workload')],
      },
    ],
  }
}

/** Binds the Services of a waypoint's namespace to it. */
export function enrolNamespace(mesh: Mesh, gateway: Gateway): Fix | undefined {
  const edits = createWaypointEdits(mesh, gateway.namespace, { name: gateway.name })
  return (
    edits && {
      title: `Use this waypoint for namespace "${gateway.namespace}"`,
      activates: 'waypoint',
      preferred: true,
      safe: false,
      edits,
    }
  )
}

export interface CreateWaypointOptions {
  readonly name?: string
  /** A policy that the same fix moves from ztunnel to the waypoint: it no longer applies to the waypoint's identity. */
  readonly moved?: AuthorizationPolicy
}

/**
 * Adds the Gateway and the label of the namespace, as far as they are missing. Undefined where
 * - the Namespace is not in the files, is not in ambient mode or uses another waypoint,
 * - a Gateway of this name exists and is not a waypoint for Services,
 * - another namespace uses a Gateway of this name, which may exist outside the files: the fix would replace it, or
 * - a policy at ztunnel names clients: it would see the waypoint's identity instead (docs/semantics.md §7).
 */
export function createWaypointEdits(
  mesh: Mesh,
  namespace: string,
  { name = DEFAULT_WAYPOINT_NAME, moved }: CreateWaypointOptions = {},
): Edit[] | undefined {
  const object = mesh.get(namespaceObject, namespace)
  const chosen = object?.labels?.[USE_WAYPOINT]
  const chosenNamespace = object?.labels?.[USE_WAYPOINT_NAMESPACE] ?? namespace
  if (
    !object ||
    (chosen !== undefined && (chosen !== name || chosenNamespace !== namespace)) ||
    mesh.get(namespaceEnrolment, namespace).mode !== 'ambient'
  )
    return undefined
  const [gateway] = mesh.written('Gateway', keys.named('Gateway', namespace, name))
  if (
    gateway &&
    !(
      !isRejected(gateway) &&
      isWaypointClass(gateway.gatewayClassName) &&
      serves(mesh, gateway, 'service')
    )
  )
    return undefined
  if (
    !gateway &&
    !mesh.get(knowsGateways, namespace) &&
    mesh.get(isNamedElsewhere, `${namespace}/${name}`)
  )
    return undefined
  if (mesh.settings.rootNamespace === namespace || policiesNameClients(mesh, namespace, moved))
    return undefined
  return [
    ...waypointLabels(object, { name, namespace }),
    ...(gateway
      ? []
      : [{ op: 'add' as const, after: object, objects: [waypointGateway({ name, namespace })] }]),
  ]
}

/** Whether a ztunnel policy with conditions on the client can apply to workloads of the namespace. */
function policiesNameClients(
  mesh: Mesh,
  namespace: string,
  moved: AuthorizationPolicy | undefined,
): boolean {
  const { rootNamespace } = mesh.settings
  return [namespace, rootNamespace]
    .flatMap((policyNamespace) => mesh.inNamespace('AuthorizationPolicy', policyNamespace))
    .some(
      (policy) =>
        policy !== moved &&
        policy.targetRefs.length === 0 &&
        matchesClients(policy) &&
        !selectsProxies(mesh, policy),
    )
}

/** Whether a policy has conditions on the client: `from`, or `when` with a `source.` key. */
export function matchesClients(policy: AuthorizationPolicy): boolean {
  return policy.rules.some(
    ({ from, when }) =>
      (from ?? []).length > 0 || (when ?? []).some(({ key }) => key.startsWith('source.')),
  )
}
