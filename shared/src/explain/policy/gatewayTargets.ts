import { LAYERED_IS_UNKNOWN } from '../../access/evaluateAtEnvoy.js'
import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { gatewayPodLabels, isGatewayPolicy } from '../../mesh/gatewayPods.js'
import { scopeOf } from '../../mesh/policies.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import { isLayered } from '../../waypoint/attachedPolicies.js'
import type { EnforcementTarget } from '../explanation.js'
import { shownName } from '../support/notes.js'
import { enforced, NO_WAYPOINT, unknownTarget } from './target.js'

/**
 * The ingress gateways that a policy without targetRefs applies to by their labels, and the waypoints whose CONNECT
 * layer may enforce it.
 */
export function gatewayTargets(mesh: Mesh, policy: AuthorizationPolicy): EnforcementTarget[] {
  const { settings } = mesh
  if (
    !settings.flag('ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY') ||
    (scopeOf(mesh, policy) === 'nothing' && !isGatewayPolicy(mesh, policy))
  )
    return []
  const gateways =
    policy.namespace === settings.rootNamespace
      ? mesh.all('Gateway')
      : mesh.inNamespace('Gateway', policy.namespace)
  const waypoints = gateways
    .filter(
      (gateway) =>
        mesh.get(classRole, gateway.gatewayClassName) === 'waypoint' &&
        isLayered(mesh, policy, gateway),
    )
    .map((gateway) => {
      const name = shownName(gateway)
      return unknownTarget(
        { kind: 'Gateway', name },
        { enforcer: name, waypoint: NO_WAYPOINT, why: LAYERED_IS_UNKNOWN },
      )
    })
  const ingress = gateways
    .filter(
      (gateway) =>
        mesh.get(classRole, gateway.gatewayClassName) === 'ingress' &&
        selectsGateway(mesh, policy, gateway),
    )
    .map((gateway) => {
      const name = shownName(gateway)
      return enforced(
        { kind: 'Gateway', name },
        { enforcedBy: 'gateway', enforcer: name, why: 'it is an ingress gateway in its scope' },
      )
    })
  return [...ingress, ...waypoints]
}

function selectsGateway(mesh: Mesh, { selector }: AuthorizationPolicy, gateway: Gateway): boolean {
  if (!selector) return true
  return (
    !isEmptyLabels(selector.matchLabels) &&
    matchesLabels(selector.matchLabels, mesh.get(gatewayPodLabels, gateway))
  )
}
