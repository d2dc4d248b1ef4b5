import { canaryBinding, type CanaryError } from '../mesh/canary.js'
import { namespaceLabels } from '../mesh/namespaceEnrolment.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { parseBool } from '../text/goValues.js'
import type { WaypointBinding } from '../mesh/waypointBinding.js'
import type { TrafficType } from '../mesh/waypointGateway.js'
import { waypointOfService, waypointOfWorkload } from '../mesh/waypoints.js'
import type { WorkloadEntry } from '../resources/workloadEntry.js'
import { qualifiedName } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type { Condition } from './condition.js'
import { INGRESS_USE_WAYPOINT } from '../vocabulary/labels.js'

/** `istio.io/WaypointBound` (docs/semantics.md §2.2); undefined where no label chooses a waypoint. */
export const waypointBound = query(
  'WaypointBound',
  (mesh, service: Service | ServiceEntry): Condition | undefined => {
    const binding = mesh.get(waypointOfService, service)
    if (binding.status === 'error') return refused(binding, 'service')
    if (binding.status !== 'bound') return undefined
    const label =
      service.labels?.[INGRESS_USE_WAYPOINT] ??
      mesh.get(namespaceLabels, service.namespace)?.[INGRESS_USE_WAYPOINT]
    return {
      type: 'istio.io/WaypointBound',
      status: 'True',
      reason: 'WaypointAccepted',
      message: `Successfully attached to waypoint ${qualifiedName(binding.gateway)}${ingressSentence(label)}${canarySentence(mesh, service)}`,
    }
  },
)

/** `istio.io/WaypointBound` of a WorkloadEntry (`model/service.go` WorkloadInfo.GetConditions). */
export const workloadWaypointBound = query(
  'WaypointBound of a WorkloadEntry',
  (mesh, entry: WorkloadEntry): Condition | undefined => {
    const binding = mesh.get(waypointOfWorkload, entry)
    if (binding.status === 'error') return refused(binding, 'workload')
    if (binding.status !== 'bound') return undefined
    return {
      type: 'istio.io/WaypointBound',
      status: 'True',
      reason: 'WaypointAccepted',
      message: `Successfully attached to waypoint ${qualifiedName(binding.gateway)}`,
    }
  },
)

function refused(
  { reason, choice }: Extract<WaypointBinding, { status: 'error' }>,
  traffic: TrafficType,
): Condition {
  return {
    type: 'istio.io/WaypointBound',
    status: 'False',
    reason,
    message: errorMessage(reason, `"${choice.namespace}/${choice.name}"`, traffic),
  }
}

/** A canary that cannot be used leaves the Service bound to its waypoint. */
function canarySentence(mesh: Mesh, service: Service | ServiceEntry): string {
  const canary = mesh.get(canaryBinding, service)
  return canary.status === 'error'
    ? `. Canary waypoint not attached: ${errorMessage(canary.reason, `"${canary.namespace}/${canary.name}"`, 'service')}`
    : ''
}

function ingressSentence(label: string | undefined): string {
  if (label === undefined) return ''
  if (parseBool(label) === true) return '. Ingress traffic will traverse the waypoint'
  return `. Ingress traffic is not using the waypoint, set the ${INGRESS_USE_WAYPOINT} label to true if desired.`
}

/** The messages of `ambient/status.go`. */
function errorMessage(reason: CanaryError, name: string, traffic: TrafficType): string {
  switch (reason) {
    case 'WaypointIsNotReady':
      return `waypoint ${name} is not ready`
    case 'AttachmentDenied':
      return `we are not permitted to attach to waypoint ${name} (missing allowedRoutes?)`
    case 'UnsupportedTrafficType':
      return `attempting to bind to traffic type "${traffic}" which the waypoint ${name} does not support`
    case 'CrossNamespaceWaypointForbidden':
      return `cannot bind to waypoint ${name} in another namespace: cross-namespace waypoint binding is not permitted for a ServiceEntry with NAMESPACE visibility`
    case 'CanarySameAsPrimary':
      return `canary waypoint ${name} must differ from the primary waypoint`
    case 'CanaryInvalidWeight':
      return `canary waypoint ${name} has an invalid weight; must be an integer in [0,100]`
  }
}
