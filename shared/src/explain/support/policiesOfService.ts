import { keys } from '../../inventory/indexKeys.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'

/** Policies that target a Service or ServiceEntry, whether or not a waypoint is there to enforce them. */
export function policiesOfService(
  mesh: Mesh,
  service: Service | ServiceEntry,
): AuthorizationPolicy[] {
  const group = service.type === 'Service' ? '' : 'networking.istio.io'
  const found = mesh.at(
    'AuthorizationPolicy',
    keys.targeting(service.namespace, service.type, service.name),
  )
  return [...new Set(found)].filter((policy) =>
    policy.targetRefs.some(
      (ref) => ref.group === group && ref.kind === service.type && ref.name === service.name,
    ),
  )
}
