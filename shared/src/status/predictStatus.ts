import { isRead } from '../mesh/discovery.js'
import { query } from '../mesh/mesh.js'
import type { PredictedCondition } from './condition.js'
import { waypointAccepted } from './waypointAccepted.js'
import { visibilityApplied } from './visibilityApplied.js'
import { waypointBound, workloadWaypointBound } from './waypointBound.js'
import { waypointMissing } from './waypointMissing.js'
import { ztunnelAccepted } from './ztunnelAccepted.js'

/**
 * Every condition that istiod would write to policies, Services, ServiceEntries and WorkloadEntries. None where
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
    const workloads = mesh.all('WorkloadEntry').flatMap((resource) => {
      const condition = mesh.get(workloadWaypointBound, resource)
      return condition ? [{ ...condition, resource }] : []
    })
    const entries = mesh
      .all('ServiceEntry')
      .flatMap((resource) =>
        [mesh.get(waypointMissing, resource), mesh.get(visibilityApplied, resource)].flatMap(
          (condition) => (condition ? [{ ...condition, resource }] : []),
        ),
      )
    return [...policies, ...services, ...workloads, ...entries].filter(({ resource }) =>
      isRead(mesh, resource),
    )
  },
)
