import { isDiscovered } from '../mesh/namespaces.js'
import { query } from '../mesh/mesh.js'
import type { PredictedCondition } from './condition.js'
import { waypointAccepted } from './waypointAccepted.js'
import { waypointBound } from './waypointBound.js'
import { waypointMissing } from './waypointMissing.js'
import { ztunnelAccepted } from './ztunnelAccepted.js'

/**
 * Every condition that istiod would write to policies, Services and ServiceEntries. None where
 * `AMBIENT_ENABLE_STATUS` is off.
 */
export const predictedStatus = query(
  'predicted status',
  (mesh, _: ''): readonly PredictedCondition[] => {
    if (!mesh.settings.flag('AMBIENT_ENABLE_STATUS')) return []
    const policies = mesh
      .all('AuthorizationPolicy')
      .flatMap((resource) =>
        [mesh.get(ztunnelAccepted, resource), mesh.get(waypointAccepted, resource)].flatMap(
          (condition) => (condition ? [{ ...condition, resource }] : []),
        ),
      )
    const services = [...mesh.all('Service'), ...mesh.all('ServiceEntry')].flatMap((resource) => {
      const condition = mesh.get(waypointBound, resource)
      return condition ? [{ ...condition, resource }] : []
    })
    const missing = mesh.all('ServiceEntry').flatMap((resource) => {
      const condition = mesh.get(waypointMissing, resource)
      return condition ? [{ ...condition, resource }] : []
    })
    return [...policies, ...services, ...missing].filter(({ resource }) =>
      mesh.get(isDiscovered, resource.namespace),
    )
  },
)
