import type { AllowedRoutes, Gateway, Listener } from '../resources/gateway.js'
import { matchesLabelSelector } from '../resources/labelSelector.js'
import { isUnnamed } from '../resources/namespaceId.js'
import type { ParentReference } from '../resources/route.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import { isPlaceholder } from '../yaml/placeholder.js'
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

/**
 * Whether no listener of a Gateway takes the routes of a namespace that name it with a `parentRef`. Istio drops these
 * routes then (docs/semantics.md §1.6).
 */
export function refusesRoutesOf(
  mesh: Mesh,
  gateway: Gateway,
  { namespace, parent }: { readonly namespace: string; readonly parent: ParentReference },
): boolean {
  const { listeners } = gateway
  return (
    listeners.length > 0 &&
    !isUnnamed(namespace) &&
    listeners
      .filter((listener) => isNamed(listener, parent))
      .every(
        ({ allowedRoutes }) =>
          allowsRoutesOf(mesh, { gateway, allowedRoutes }, namespace) === false,
      )
  )
}

/** Whether a `parentRef` can mean a listener. Another tool may fill in a name. */
function isNamed(listener: Listener, { sectionName, port }: ParentReference): boolean {
  return (
    (port === undefined || port === listener.port) &&
    (sectionName === undefined ||
      sectionName === listener.name ||
      isPlaceholder(sectionName) ||
      isPlaceholder(listener.name))
  )
}
