import type { Gateway } from '../resources/gateway.js'
import type { Labels } from '../resources/resource.js'
import { keys } from '../inventory/indexKeys.js'
import { query } from './mesh.js'
import { GATEWAY_NAME_OVERRIDE, GATEWAY_SERVICE_ACCOUNT } from '../vocabulary/annotations.js'
import {
  AGENTGATEWAY_WAYPOINT_CONTROLLER,
  GATEWAY_CLASSES,
  GATEWAY_CONTROLLER,
  MESH_CONTROLLER,
  type GatewayRole,
} from '../vocabulary/gatewayClasses.js'
import { GENERATED_POD_LABELS, type GeneratedPodLabel } from '../vocabulary/generatedPods.js'
import { GATEWAY_NAME } from '../vocabulary/labels.js'

/** Whether a class of istiod with this name makes waypoints (docs/semantics.md §2.1). */
export function isWaypointClass(gatewayClassName: string): boolean {
  return GATEWAY_CLASSES.get(gatewayClassName)?.role === 'waypoint'
}

/** What the Gateways of a class become; `unknown` for classes that neither istiod nor a file defines. */
export const classRole = query(
  'class role',
  (mesh, gatewayClassName: string): GatewayRole | 'unknown' => {
    const builtIn = GATEWAY_CLASSES.get(gatewayClassName)
    if (builtIn) return builtIn.role
    switch (mesh.named('GatewayClass', '', gatewayClassName)?.controllerName) {
      case MESH_CONTROLLER:
      case AGENTGATEWAY_WAYPOINT_CONTROLLER:
        return 'waypoint'
      case GATEWAY_CONTROLLER:
        return 'ingress'
      default:
        return 'unknown'
    }
  },
)

/**
 * Whether the waypoints of a class enforce AuthorizationPolicies and RequestAuthentications. Those of
 * agentgateway do not (docs/semantics.md §2.1).
 */
export const enforcesPolicies = query(
  'enforces policies',
  (mesh, gatewayClassName: string): boolean =>
    (GATEWAY_CLASSES.get(gatewayClassName)?.controller ??
      mesh.named('GatewayClass', '', gatewayClassName)?.controllerName) !==
    AGENTGATEWAY_WAYPOINT_CONTROLLER,
)

const PROOFS: readonly GeneratedPodLabel[] = GENERATED_POD_LABELS.filter(({ isProof }) => isProof)

/** Whether pods with these labels are the proxies of a gateway or a waypoint. */
export function isGatewayPod(labels: Labels | undefined): boolean {
  if (labels === undefined) return false
  return PROOFS.some(({ label, values }) => {
    const value = labels[label]
    return value !== undefined && (values === undefined || values.includes(value))
  })
}

/** Whether istiod deploys the pods of a Gateway (`IsManaged`, gateway_utils.go:64-78). */
export function isManaged({ addresses }: Gateway): boolean {
  const [address, ...others] = addresses
  return others.length === 0 && (address === undefined || address.type === 'IPAddress')
}

/** The service account as which the proxy of a Gateway runs (docs/semantics.md §7.1). */
export const gatewayServiceAccount = query(
  'gateway service account',
  (mesh, gateway: Gateway): string => {
    const annotation = gateway.annotations?.[GATEWAY_SERVICE_ACCOUNT]
    if (annotation !== undefined && annotation !== '') return annotation
    if (!isManaged(gateway)) {
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

/** The Service that istiod makes for a Gateway's proxy (deploymentcontroller.go:422-423). */
export const gatewayServiceName = query(
  'gateway service name',
  (mesh, { name, gatewayClassName, annotations }: Gateway): string => {
    const override = annotations?.[GATEWAY_NAME_OVERRIDE]
    if (override !== undefined && override !== '') return override
    const role = mesh.get(classRole, gatewayClassName)
    return role === 'waypoint' || role === 'east-west' ? name : `${name}-${gatewayClassName}`
  },
)
