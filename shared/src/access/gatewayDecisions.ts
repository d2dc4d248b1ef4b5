import { classRole, enforcesPolicies } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Gateway } from '../resources/gateway.js'
import type { EnvoyDecision } from '../waypoint/decide.js'

/** The decision of a Gateway that enforces no policy of Istio; undefined for the others. */
export function decisionWithoutPolicies(
  mesh: Mesh,
  { gatewayClassName }: Gateway,
): EnvoyDecision | undefined {
  const none = { policy: undefined, rule: undefined }
  if (!mesh.get(enforcesPolicies, gatewayClassName))
    return {
      verdict: 'allow',
      reason: `waypoints of class ${gatewayClassName} enforce no AuthorizationPolicy and no RequestAuthentication`,
      ...none,
    }
  const role = mesh.get(classRole, gatewayClassName)
  // istiod binds a Service to any Gateway, but only a waypoint takes its connections (docs/semantics.md §2.1).
  return role === 'ingress' || role === 'east-west'
    ? {
        verdict: 'undecided',
        reason: `a Gateway of class ${gatewayClassName} is no waypoint: connections through it fail`,
        ...none,
      }
    : undefined
}

/** A waypoint of a class that is not Istio's may enforce policies or not: `undecided` where it would deny. */
export function ofKnownClass(
  mesh: Mesh,
  { gatewayClassName }: Gateway,
  decision: EnvoyDecision,
): EnvoyDecision {
  return decision.verdict === 'deny' && mesh.get(classRole, gatewayClassName) === 'unknown'
    ? {
        ...decision,
        verdict: 'undecided',
        reason: `whether waypoints of class ${gatewayClassName} enforce policies is not known`,
      }
    : decision
}
