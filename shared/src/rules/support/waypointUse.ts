import { keys } from '../../inventory/indexKeys.js'
import { describedForServices, describedForWorkloads, mayBeFilled } from '../../mesh/described.js'
import { gatewayServiceAccount, isGatewayPod } from '../../mesh/gatewayClass.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { podLabels } from '../../mesh/pods.js'
import { hboneListener, serves } from '../../mesh/waypointGateway.js'
import {
  servicesOfWaypoint,
  waypointOfNamespace,
  waypointOfWorkload,
} from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { changesLabels } from '../../resources/otherObject.js'
import { METADATA_NAME } from '../../vocabulary/labels.js'
import { isFilledIn } from './filledIn.js'
import { hasInboundBinding } from './inboundBinding.js'
import { isNamedInNamespace, isNamedInPolicies, namesWaypoint } from './waypointReferences.js'

/** Whether traffic passes a waypoint, certainly or by assumption; `unknown` where the files do not show it. */
export type WaypointUse = 'used' | 'unused' | 'unknown'

export const waypointUse = query('waypoint use', (mesh, gateway: Gateway): WaypointUse => {
  if (isUnused(mesh, gateway)) return 'unused'
  return isUsed(mesh, gateway) ? 'used' : 'unknown'
})

function isUsed(mesh: Mesh, gateway: Gateway): boolean {
  return (
    mesh.get(servicesOfWaypoint, gateway).length > 0 ||
    (serves(mesh, gateway, 'workload') &&
      mesh.workloadsAt(keys.allWorkloads()).some((workload) => {
        const binding = mesh.get(waypointOfWorkload, workload)
        return binding.status === 'bound' && binding.gateway === gateway
      })) ||
    namespacesThatChoose(mesh, gateway).some((namespace) => !mesh.get(hasOnlyClients, namespace))
  )
}

/** Namespaces whose Services use a waypoint, if they have any. */
function namespacesThatChoose(mesh: Mesh, gateway: Gateway): string[] {
  const names = [gateway.namespace, ...mesh.all('Namespace').map(({ name }) => name)]
  return [...new Set(names)].filter((namespace) => {
    const binding = mesh.get(waypointOfNamespace, namespace)
    return binding.status === 'bound' && binding.gateway === gateway
  })
}

/**
 * Whether the files show workloads of a namespace and no Service or ServiceEntry, and nothing can add
 * one: its waypoint gets no traffic to Services.
 */
export const hasOnlyClients = query('has only clients', (mesh, namespace: string): boolean => {
  const workloads = mesh.workloadsAt(keys.workloads(namespace))
  return (
    workloads.some((workload) => !isGatewayPod(podLabels(workload))) &&
    (['Service', 'ServiceEntry'] as const).every(
      (kind) =>
        mesh.inNamespace(kind, namespace).length === 0 &&
        !mesh.hasOpaque(kind) &&
        !mesh.all(kind).some((object) => isUnnamed(object.namespace)),
    ) &&
    !mayBeFilled(mesh, namespace)
  )
})

/** Whether the files show all that may use a waypoint, and none of it does. */
function isUnused(mesh: Mesh, gateway: Gateway): boolean {
  if (isUnnamed(gateway.namespace)) return false
  const namespaces = allowedNamespaces(mesh, gateway)
  return (
    namespaces?.every((namespace) => isUnusedIn(mesh, gateway, namespace)) === true &&
    !mayBeUsedElsewhere(mesh, gateway)
  )
}

/** The namespaces that can use a waypoint. Undefined where they are not all known from the files. */
function allowedNamespaces(mesh: Mesh, gateway: Gateway): readonly string[] | undefined {
  if (isFilledIn(gateway, ['spec', 'listeners']) || hasInboundBinding(mesh, gateway))
    return undefined
  const { from, selector } = hboneListener(gateway)?.allowedRoutes ?? {
    from: 'Same',
    selector: undefined,
  }
  if (from === 'Same') return [gateway.namespace]
  const byName = selector?.matchLabels?.[METADATA_NAME]
  if (byName !== undefined) return [byName]
  const named = selector?.matchExpressions.find(
    ({ key, operator }) => key === METADATA_NAME && operator === 'In',
  )
  return from === 'Selector' ? named?.values : undefined
}

/** Whether the files show every object of a namespace that can use a waypoint, and none does. */
function isUnusedIn(mesh: Mesh, gateway: Gateway, namespace: string): boolean {
  const labels = mesh.get(namespaceObject, namespace)?.labels
  if (
    mesh.get(namespaceEnrolment, namespace).certainty.level !== 'certain' ||
    namesWaypoint(labels, namespace, gateway)
  )
    return false
  const [services, workloads] = [
    serves(mesh, gateway, 'service'),
    serves(mesh, gateway, 'workload'),
  ]
  const described =
    (!services || mesh.get(describedForServices, namespace)) &&
    (!workloads || mesh.get(describedForWorkloads, namespace))
  return (services || workloads) && described && !isNamedInNamespace(mesh, namespace, gateway)
}

/**
 * Whether a template, labels of another tool, or a policy with the waypoint's account point to users
 * outside these files.
 */
export function mayBeUsedElsewhere(mesh: Mesh, gateway: Gateway): boolean {
  if (
    ['ServiceEntry', 'WorkloadEntry', 'AuthorizationPolicy'].some((kind) => mesh.hasOpaque(kind)) ||
    mesh.all('Other').some(changesLabels)
  )
    return true
  return mesh.get(
    isNamedInPolicies,
    `${gateway.namespace}/${mesh.get(gatewayServiceAccount, gateway)}`,
  )
}
