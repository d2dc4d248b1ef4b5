import { isWorkload } from '../../inventory/workloads.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { LabelSelector } from '../../resources/gateway.js'
import type { Resource } from '../../resources/resource.js'
import { selectorKeys } from './selectorKeys.js'

/**
 * An object that selects others by a label key, so that the label has an effect that Istio does not
 * know: a Service, a policy or a monitor for the labels of pods, a ServiceMonitor for those of a Service,
 * a NetworkPolicy or a Gateway for those of a Namespace. The values are not compared.
 */
export function selectorOfLabel(
  mesh: Mesh,
  { resource, key, ofPods }: { readonly resource: Resource; readonly key: string; ofPods: boolean },
): Resource | undefined {
  const hasKey = (selector: LabelSelector | undefined): boolean =>
    Object.hasOwn(selector?.matchLabels ?? {}, key) ||
    (selector?.matchExpressions ?? []).some((expression) => expression.key === key)
  if (ofPods) {
    const ownSelector =
      isWorkload(resource) && resource.type !== 'WorkloadEntry' ? resource.selector : undefined
    if (Object.hasOwn(ownSelector ?? {}, key)) return resource
    return (
      POD_SELECTORS.flatMap((type): readonly Resource[] => mesh.all(type)).find((other) =>
        selectorKeys(other).some((selected) => selected.key === key),
      ) ?? mesh.all('PodMonitor').find(({ selector }) => hasKey(selector))
    )
  }
  switch (resource.type) {
    case 'Service':
      return mesh.all('ServiceMonitor').find(({ selector }) => hasKey(selector))
    case 'Namespace':
      return (
        mesh
          .all('NetworkPolicy')
          .find(({ ingress, egress }) =>
            [...ingress, ...egress].some(({ peers }) =>
              peers?.some(({ namespaceSelector }) => hasKey(namespaceSelector)),
            ),
          ) ??
        mesh
          .all('Gateway')
          .find(({ listeners }) =>
            listeners.some(({ allowedRoutes }) => hasKey(allowedRoutes.selector)),
          )
      )
    default:
      return undefined
  }
}

const POD_SELECTORS = [
  'Service',
  'NetworkPolicy',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'Telemetry',
  'WasmPlugin',
] as const
