import { keys, type InventoryKey } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { enforcesPolicies } from '../mesh/gatewayClass.js'
import { gatewayPodLabels } from '../mesh/gatewayPods.js'
import { canTargetRoutes, isRead } from '../mesh/discovery.js'
import { isRouteTarget } from '../vocabulary/kinds.js'
import { routesAtWaypoint } from './routes.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { podLabels } from '../mesh/pods.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { Gateway } from '../resources/gateway.js'
import type { Labels, Resource } from '../resources/resource.js'
import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import { matchesLabels, type WorkloadSelector } from '../resources/selector.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import { WAYPOINT_CLASS } from '../vocabulary/gatewayClasses.js'
import { attaches, hasLayeredPolicies, targetsService, type WaypointChain } from './attachment.js'

/**
 * The AuthorizationPolicies that a waypoint enforces on one of its chains. Where only a Service or only the Gateway has
 * policies, each call returns the same list.
 */
export function policiesAtWaypoint(
  mesh: Mesh,
  { gateway, service }: WaypointChain,
): readonly AuthorizationPolicy[] {
  if (!mesh.get(enforcesPolicies, gateway.gatewayClassName)) return []
  const ofGateway = mesh.get(policiesForGateway, gateway)
  const ofService = service ? mesh.get(policiesForService, service) : []
  if (ofService.length === 0 || ofGateway.length === 0)
    return ofService.length === 0 ? ofGateway : ofService
  return [...new Set([...ofGateway, ...ofService])]
}

const policiesForGateway = query(
  'policies for Gateway',
  (mesh, gateway: Gateway): readonly AuthorizationPolicy[] => {
    const chain = { gateway, service: undefined }
    const listed = policyKeysAtWaypoint(mesh, chain).flatMap((key) =>
      mesh.at('AuthorizationPolicy', key),
    )
    return [...new Set(listed)].filter(
      (policy) => isRead(mesh, policy) && attaches(mesh, policy, chain),
    )
  },
)

const policiesForService = query(
  'policies for Service',
  (mesh, service: Service | ServiceEntry): readonly AuthorizationPolicy[] =>
    policiesOfService(mesh, service).filter((policy) => isRead(mesh, policy)),
)

/** The keys of the inventory under which the policies of a chain are. */
export function policyKeysAtWaypoint(
  mesh: Mesh,
  { gateway, service }: WaypointChain,
): readonly InventoryKey<'AuthorizationPolicy'>[] {
  return [
    keys.targeting(gateway.namespace, 'Gateway', gateway.name),
    keys.targeting(mesh.settings.rootNamespace, 'GatewayClass', WAYPOINT_CLASS),
    ...(service ? [keys.targeting(service.namespace, service.type, service.name)] : []),
  ]
}

/** The AuthorizationPolicies that target a Service or ServiceEntry, with a waypoint or without. */
export function policiesOfService(
  mesh: Mesh,
  service: Service | ServiceEntry,
): readonly AuthorizationPolicy[] {
  const listed = mesh.at(
    'AuthorizationPolicy',
    keys.targeting(service.namespace, service.type, service.name),
  )
  return [...new Set(listed)].filter((policy) => targetsService(mesh, policy, service))
}

/** The RequestAuthentications that target a Service or ServiceEntry, with a waypoint or without. */
export function requestAuthenticationsOfService(
  mesh: Mesh,
  service: Service | ServiceEntry,
): readonly RequestAuthentication[] {
  return mesh
    .inNamespace('RequestAuthentication', service.namespace)
    .filter((policy) => isRead(mesh, policy) && targetsService(mesh, policy, service))
}

/**
 * The policies that target an HTTPRoute of a chain, one list for each route: behind a flag they
 * replace the policies of the chain on that route (docs/semantics.md §3.11).
 */
export function policiesOfRoutes(
  mesh: Mesh,
  { gateway, service }: WaypointChain,
): readonly (readonly AuthorizationPolicy[])[] {
  if (!service || !canTargetRoutes(mesh)) return []
  return routesAtWaypoint(mesh, { gateway, service })
    .filter(({ type }) => type === 'HTTPRoute')
    .map(({ namespace, name }) =>
      mesh
        .inNamespace('AuthorizationPolicy', namespace)
        .filter(
          (policy) =>
            isRead(mesh, policy) &&
            policy.targetRefs.some(
              (ref) => isRouteTarget(ref.group, ref.kind) && ref.name === name,
            ),
        ),
    )
    .filter((policies) => policies.length > 0)
}

/** The RequestAuthentications that verify tokens on a chain. */
export function requestAuthenticationsAtWaypoint(
  mesh: Mesh,
  chain: WaypointChain,
): readonly RequestAuthentication[] {
  const { rootNamespace } = mesh.settings
  const namespaces = new Set([
    rootNamespace,
    chain.gateway.namespace,
    ...(chain.service ? [chain.service.namespace] : []),
  ])
  return [...namespaces]
    .flatMap((namespace) => mesh.inNamespace('RequestAuthentication', namespace))
    .filter((policy) => isRead(mesh, policy) && attaches(mesh, policy, chain))
}

/**
 * The AuthorizationPolicies of a waypoint's CONNECT layer: those that target its Gateway, and those
 * without targetRefs that select its pods.
 */
export function policiesAtConnect(mesh: Mesh, gateway: Gateway): readonly AuthorizationPolicy[] {
  if (!mesh.get(enforcesPolicies, gateway.gatewayClassName)) return []
  const pod = {
    namespace: gateway.namespace,
    labels: mesh.get(gatewayPodLabels, gateway),
  }
  const key = keys.targeting(gateway.namespace, 'Gateway', gateway.name)
  const listed = mesh.at('AuthorizationPolicy', key)
  const targeting = listed.filter((policy) =>
    attaches(mesh, policy, { gateway, service: undefined }),
  )
  // The layer selects policies as for an ingress gateway (`NewWaypointTerminationBuilder`).
  if (!mesh.settings.flag('ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY')) return targeting
  return [
    ...targeting,
    ...selecting(mesh, pod, (namespace) => mesh.inNamespace('AuthorizationPolicy', namespace)),
  ]
}

/**
 * Whether a waypoint's CONNECT layer, which sees the client, enforces a policy of ztunnel too: with
 * `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES` (docs/semantics.md §3.2).
 */
export function isLayered(mesh: Mesh, policy: AuthorizationPolicy, gateway: Gateway): boolean {
  return hasLayeredPolicies(mesh) && policiesAtConnect(mesh, gateway).includes(policy)
}

/**
 * The AuthorizationPolicies that the sidecar of a workload enforces: those without targetRefs, by
 * namespace and selector. An empty selector selects all workloads.
 */
export const policiesAtSidecar = query(
  'policies at sidecar',
  (mesh, workload: Workload): readonly AuthorizationPolicy[] =>
    selecting(mesh, { namespace: workload.namespace, labels: podLabels(workload) }, (namespace) =>
      mesh.inNamespace('AuthorizationPolicy', namespace),
    ),
)

export const requestAuthenticationsAtSidecar = query(
  'request authentications at sidecar',
  (mesh, workload: Workload): readonly RequestAuthentication[] =>
    selecting(mesh, { namespace: workload.namespace, labels: podLabels(workload) }, (namespace) =>
      mesh.inNamespace('RequestAuthentication', namespace),
    ),
)

interface Selecting {
  readonly selector: WorkloadSelector | undefined
  readonly targetRefs: readonly PolicyTargetReference[]
}

function selecting<P extends Resource & Selecting>(
  mesh: Mesh,
  { namespace, labels }: { namespace: string; labels: Labels | undefined },
  list: (namespace: string) => readonly P[],
): readonly P[] {
  const { rootNamespace } = mesh.settings
  return [...new Set([namespace, rootNamespace])]
    .filter((where) => mesh.get(isDiscovered, where))
    .flatMap(list)
    .filter(
      (policy) =>
        policy.targetRefs.length === 0 &&
        matchesLabels(policy.selector?.matchLabels, labels) &&
        isRead(mesh, policy),
    )
}
