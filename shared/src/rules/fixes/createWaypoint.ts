import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { isWaypointClass } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { isGatewayPolicy } from '../../mesh/policies.js'
import { serves } from '../../mesh/waypointGateway.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Edit, Fix, PlainObject } from '../fix.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'
import { USE_WAYPOINT, WAYPOINT_FOR } from '../../vocabulary/labels.js'

/** The name that `istioctl waypoint generate` gives. */
export const DEFAULT_WAYPOINT_NAME = 'waypoint'

/** A waypoint as `istioctl waypoint generate` writes it. */
export function waypointGateway(metadata: PlainObject): PlainObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { labels: { [WAYPOINT_FOR]: 'service' }, ...metadata },
    spec: {
      gatewayClassName: WAYPOINT_CLASS,
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    },
  }
}

/** A waypoint for all Services of an ambient namespace; undefined where the files hold no Namespace object to label, or it would cut off traffic. */
export function createWaypoint(
  mesh: Mesh,
  namespace: string,
  name = DEFAULT_WAYPOINT_NAME,
): Fix | undefined {
  const edits = createWaypointEdits(mesh, namespace, { name })
  return edits && edits.length > 0
    ? { title: 'Create waypoint and enrol', preferred: true, safe: false, edits }
    : undefined
}

export interface CreateWaypointOptions {
  readonly name?: string
  /** A policy that the same fix moves off ztunnel: it no longer judges the waypoint. */
  readonly moved?: AuthorizationPolicy
}

/**
 * The edits of `createWaypoint`: the Gateway, where there is none, and the namespace's label, where it is missing. Undefined where the namespace is
 * not ambient or chooses another waypoint, where a Gateway of the name is no waypoint for Services, and where a policy at ztunnel judges clients: it would see the
 * waypoint in their place (docs/semantics.md §7).
 */
export function createWaypointEdits(
  mesh: Mesh,
  namespace: string,
  { name = DEFAULT_WAYPOINT_NAME, moved }: CreateWaypointOptions = {},
): Edit[] | undefined {
  const object = mesh.get(namespaceObject, namespace)
  const chosen = object?.labels?.[USE_WAYPOINT]
  if (
    !object ||
    (chosen !== undefined && chosen !== name) ||
    mesh.get(namespaceEnrolment, namespace).mode !== 'ambient'
  )
    return undefined
  const gateway = mesh.named('Gateway', namespace, name)
  if (gateway && !(isWaypointClass(gateway.gatewayClassName) && serves(mesh, gateway, 'service')))
    return undefined
  if (mesh.settings.rootNamespace === namespace || judgesClients(mesh, namespace, moved))
    return undefined
  return [
    ...(chosen === undefined
      ? [
          {
            op: 'set' as const,
            resource: object,
            path: ['metadata', 'labels', USE_WAYPOINT],
            value: name,
          },
        ]
      : []),
    ...(gateway
      ? []
      : [{ op: 'add' as const, after: object, objects: [waypointGateway({ name, namespace })] }]),
  ]
}

/** Whether a policy at ztunnel asks who the client is, for workloads of the namespace. */
function judgesClients(
  mesh: Mesh,
  namespace: string,
  moved: AuthorizationPolicy | undefined,
): boolean {
  const { rootNamespace } = mesh.settings
  return [namespace, rootNamespace]
    .flatMap((from) => mesh.inNamespace('AuthorizationPolicy', from))
    .some(
      (policy) =>
        policy !== moved &&
        policy.targetRefs.length === 0 &&
        hasSource(policy) &&
        !mesh.get(isGatewayPolicy, policy),
    )
}

/** Whether a policy speaks of clients: by `from`, or by a condition on the source. */
export function hasSource(policy: AuthorizationPolicy): boolean {
  return policy.rules.some(
    ({ from, when }) =>
      (from ?? []).length > 0 || (when ?? []).some(({ key }) => key.startsWith('source.')),
  )
}
