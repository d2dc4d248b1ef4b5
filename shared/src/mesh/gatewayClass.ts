import type { Gateway } from '../resources/gateway.js'
import type { Labels } from '../resources/resource.js'
import { keys } from '../inventory/indexKeys.js'
import { query } from './mesh.js'

/** The label of the pods that istiod (or a person) deploys for a Gateway. */
export const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name'
export const WAYPOINT_CLASS = 'istio-waypoint'
const AGENTGATEWAY_WAYPOINT_CLASS = 'istio-agentgateway-waypoint'
const MESH_CONTROLLER = 'istio.io/mesh-controller'
const INGRESS_CLASSES = new Set(['istio', 'istio-remote', 'istio-agentgateway'])

/** Whether istiod's own classes of this name make waypoints (docs/semantics.md §2.1). */
export function isWaypointClass(gatewayClassName: string): boolean {
  return gatewayClassName === WAYPOINT_CLASS || gatewayClassName === AGENTGATEWAY_WAYPOINT_CLASS
}

/** What a class is for: `unknown` for classes that are not Istio's and that no GatewayClass here explains. */
export const classRole = query(
  'class role',
  (mesh, gatewayClassName: string): 'waypoint' | 'ingress' | 'east-west' | 'unknown' => {
    if (isWaypointClass(gatewayClassName)) return 'waypoint'
    if (INGRESS_CLASSES.has(gatewayClassName)) return 'ingress'
    if (gatewayClassName === 'istio-east-west') return 'east-west'
    const object = mesh.named('GatewayClass', '', gatewayClassName)
    if (object?.controllerName === MESH_CONTROLLER) return 'waypoint'
    return object?.controllerName === 'istio.io/gateway-controller' ? 'ingress' : 'unknown'
  },
)

/** Whether these are the labels of a gateway's own pods. */
export function isGatewayPod(labels: Labels | undefined): boolean {
  if (labels === undefined) return false
  return (
    labels[GATEWAY_NAME] !== undefined ||
    ['ingressgateway', 'egressgateway', 'ingress'].includes(labels['istio'] ?? '')
  )
}

/** The service account that a Gateway's proxy runs as (docs/semantics.md §7.1). */
export const gatewayServiceAccount = query(
  'gateway service account',
  (mesh, gateway: Gateway): string => {
    const annotation = gateway.annotations?.['gateway.istio.io/service-account']
    if (annotation !== undefined && annotation !== '') return annotation
    if (gateway.addressTypes.includes('Hostname')) {
      const pods = mesh.workloadsAt(
        keys.workloadsLabelled(gateway.namespace, `${GATEWAY_NAME}=${gateway.name}`),
      )
      const [first] = pods
      if (first && first.type !== 'WorkloadEntry') return first.template.serviceAccountName
    }
    const role = mesh.get(classRole, gateway.gatewayClassName)
    return role === 'waypoint' || role === 'east-west'
      ? gateway.name
      : `${gateway.name}-${gateway.gatewayClassName}`
  },
)
