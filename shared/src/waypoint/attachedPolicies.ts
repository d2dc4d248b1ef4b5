import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { gatewayPodLabels } from '../mesh/gatewayPods.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { podLabels } from '../mesh/pods.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { Gateway } from '../resources/gateway.js'
import type { Labels } from '../resources/resource.js'
import type { RequestAuthentication } from '../resources/requestAuthentication.js'
import { matchesLabels, type WorkloadSelector } from '../resources/selector.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { PolicyTargetReference } from '../resources/targetRef.js'
import { WAYPOINT_CLASS } from '../vocabulary/gatewayClasses.js'
import { attaches, targetsService, type WaypointChain } from './attachment.js'

/** The AuthorizationPolicies that a waypoint enforces on one of its chains. */
export function policiesAtWaypoint(
  mesh: Mesh,
  chain: WaypointChain,
): readonly AuthorizationPolicy[] {
  const { rootNamespace } = mesh.settings
  const { gateway, service } = chain
  const listed = [
    ...mesh.at('AuthorizationPolicy', keys.targeting(gateway.namespace, 'Gateway', gateway.name)),
    ...mesh.at(
      'AuthorizationPolicy',
      keys.targeting(rootNamespace, 'GatewayClass', WAYPOINT_CLASS),
    ),
    ...(service
      ? mesh.at(
          'AuthorizationPolicy',
          keys.targeting(service.namespace, service.type, service.name),
        )
      : []),
  ]
  return [...new Set(listed)].filter(
    (policy) => mesh.get(isDiscovered, policy.namespace) && attaches(mesh, policy, chain),
  )
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
    .filter((policy) => mesh.get(isDiscovered, policy.namespace) && attaches(mesh, policy, chain))
}

/**
 * The AuthorizationPolicies of a waypoint's CONNECT layer: those that target its Gateway, and those
 * without targetRefs that select its pods.
 */
export function policiesAtConnect(mesh: Mesh, gateway: Gateway): readonly AuthorizationPolicy[] {
  const pod = {
    namespace: gateway.namespace,
    labels: mesh.get(gatewayPodLabels, gateway),
  }
  const key = keys.targeting(gateway.namespace, 'Gateway', gateway.name)
  const listed = mesh.at('AuthorizationPolicy', key)
  const targeting = listed.filter((policy) =>
    attaches(mesh, policy, { gateway, service: undefined }),
  )
  return [
    ...targeting,
    ...selecting(mesh, pod, (namespace) => mesh.inNamespace('AuthorizationPolicy', namespace)),
  ]
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

function selecting<P extends Selecting>(
  mesh: Mesh,
  { namespace, labels }: { namespace: string; labels: Labels | undefined },
  list: (namespace: string) => readonly P[],
): readonly P[] {
  const { rootNamespace } = mesh.settings
  return [...new Set([namespace, rootNamespace])]
    .filter((where) => mesh.get(isDiscovered, where))
    .flatMap(list)
    .filter(
      ({ selector, targetRefs }) =>
        targetRefs.length === 0 && matchesLabels(selector?.matchLabels, labels),
    )
}
