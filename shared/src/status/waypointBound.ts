import { namespaceLabels } from '../mesh/enrolment.js'
import { query } from '../mesh/mesh.js'
import { parseBool } from '../mesh/settings.js'
import { waypointOfService, type WaypointBinding } from '../mesh/waypoints.js'
import { qualifiedName } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { INGRESS_USE_WAYPOINT } from '../access/route.js'
import type { Condition } from './condition.js'

/** `istio.io/WaypointBound` of a Service or ServiceEntry (semantics §2.2); undefined where it asks for no waypoint. */
export const waypointBound = query('WaypointBound', (mesh, service: Service | ServiceEntry): Condition | undefined => {
  const binding = mesh.get(waypointOfService, service)
  if (binding.status === 'error') return { type: 'istio.io/WaypointBound', status: 'False', reason: binding.reason, message: errorMessage(binding) }
  if (binding.status !== 'bound') return undefined
  const label = service.labels?.[INGRESS_USE_WAYPOINT] ?? mesh.get(namespaceLabels, service.namespace)?.[INGRESS_USE_WAYPOINT]
  return {
    type: 'istio.io/WaypointBound',
    status: 'True',
    reason: 'WaypointAccepted',
    message: `Successfully attached to waypoint ${qualifiedName(binding.gateway)}${ingressSentence(label)}`,
  }
})

function ingressSentence(label: string | undefined): string {
  if (label === undefined) return ''
  if (parseBool(label) === true) return '. Ingress traffic will traverse the waypoint'
  return `. Ingress traffic is not using the waypoint, set the ${INGRESS_USE_WAYPOINT} label to true if desired.`
}

function errorMessage({ reason, choice }: Extract<WaypointBinding, { status: 'error' }>): string {
  const name = `"${choice.namespace}/${choice.name}"`
  switch (reason) {
    case 'WaypointIsNotReady':
      return `waypoint ${name} is not ready`
    case 'AttachmentDenied':
      return `we are not permitted to attach to waypoint ${name} (missing allowedRoutes?)`
    case 'UnsupportedTrafficType':
      return `attempting to bind to traffic type "service" which the waypoint ${name} does not support`
    case 'CrossNamespaceWaypointForbidden':
      return `a ServiceEntry that is visible in its namespace only cannot use waypoint ${name} of another`
  }
}
