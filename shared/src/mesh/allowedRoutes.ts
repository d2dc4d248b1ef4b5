import type { AllowedRoutes, Gateway } from '../resources/gateway.js'
import { matchesLabelSelector } from '../resources/labelSelector.js'
import { isUnnamed } from '../resources/namespaceId.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import type { Mesh } from './mesh.js'
import { namespaceObject } from './namespaces.js'

/** The `allowedRoutes` of a listener; `Same` if they are absent. */
interface ListenerOf {
  readonly gateway: Gateway
  readonly allowedRoutes: AllowedRoutes | undefined
}

/** Whether a listener allows the routes of a namespace; `unknown` where the files do not have the Namespace. */
export function allowsRoutesOf(
  mesh: Mesh,
  { gateway, allowedRoutes }: ListenerOf,
  namespace: string,
): boolean | 'unknown' {
  const from = allowedRoutes?.from ?? 'Same'
  if (from === 'All') return true
  if (from === 'Same') return gateway.namespace === namespace
  if (from !== 'Selector') return false
  const selector = allowedRoutes?.selector
  const labels = mesh.get(namespaceObject, namespace)?.labels
  if (mesh.world === 'open' && !mesh.named('Namespace', '', namespace)) return 'unknown'
  return (
    selector !== undefined &&
    matchesLabelSelector(selector, { ...labels, [METADATA_NAME]: namespace })
  )
}

/** Whether no listener of a Gateway allows the routes of a namespace. Istio drops these routes then. */
export function refusesRoutesOf(mesh: Mesh, gateway: Gateway, namespace: string): boolean {
  const { listeners } = gateway
  return (
    listeners.length > 0 &&
    !isUnnamed(namespace) &&
    listeners.every(
      ({ allowedRoutes }) => allowsRoutesOf(mesh, { gateway, allowedRoutes }, namespace) === false,
    )
  )
}
