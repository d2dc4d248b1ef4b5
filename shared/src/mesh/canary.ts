import type { Gateway } from '../resources/gateway.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { namespaceLabels, namespaceObject } from './enrolment.js'
import { query } from './mesh.js'
import { atLeast, settingsOf } from './settings.js'
import { allows, serves, USE_WAYPOINT, waypointOfService } from './waypoints.js'

const USE_CANARY = 'istio.io/use-waypoint-canary'
const USE_CANARY_NAMESPACE = 'istio.io/use-waypoint-canary-namespace'
const CANARY_WEIGHT = 'istio.io/use-waypoint-canary-weight'

/**
 * The canary waypoint that takes a share of a Service's traffic, beside the one that it is bound to (waypoints.go:236-352, semantics §2.4). Undefined where
 * there is none, its weight is 0 or no number, or the files do not show it.
 */
export const canaryOfService = query('canary of service', (mesh, service: Service | ServiceEntry): Gateway | undefined => {
  if (!atLeast(mesh.get(settingsOf, '').istioVersion, '1.31')) return undefined
  const binding = mesh.get(waypointOfService, service)
  const own = service.labels?.[USE_CANARY] !== undefined || service.labels?.[USE_WAYPOINT] !== undefined
  const labels = own ? service.labels : mesh.get(namespaceLabels, service.namespace)
  const annotations = own ? service.annotations : mesh.get(namespaceObject, service.namespace)?.annotations
  const name = labels?.[USE_CANARY]
  const weight = annotations?.[CANARY_WEIGHT] ?? '0'
  if (binding.status !== 'bound' || name === undefined || !/^\d{1,3}$/.test(weight) || Number(weight) < 1 || Number(weight) > 100) return undefined
  const gateway = mesh.named('Gateway', labels?.[USE_CANARY_NAMESPACE] ?? service.namespace, name)
  if (!gateway || gateway === binding.gateway || !serves(mesh, gateway, 'service')) return undefined
  return allows(mesh, gateway, service.namespace) === true ? gateway : undefined
})
