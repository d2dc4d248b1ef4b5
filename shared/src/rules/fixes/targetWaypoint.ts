import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Gateway } from '../../resources/gateway.js'
import type { RequestAuthentication } from '../../resources/requestAuthentication.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import type { Edit, Fix } from '../fix.js'
import { GATEWAY_API } from '../../vocabulary/kinds.js'

/**
 * Makes a reference target a waypoint of the policy's namespace, and so all traffic of this waypoint.
 * Undefined where the policy already targets it.
 */
export function targetWaypoint(
  policy: AuthorizationPolicy | RequestAuthentication,
  ref: PolicyTargetReference,
  gateway: Gateway,
): Fix | undefined {
  if (
    gateway.namespace !== policy.namespace ||
    policy.targetRefs.some(({ kind, name }) => kind === 'Gateway' && name === gateway.name)
  )
    return undefined
  const wanted = {
    kind: 'Gateway',
    group: GATEWAY_API,
    name: gateway.name,
  } as const
  const edits = (['kind', 'group', 'name'] as const)
    .filter((field) => ref[field] !== wanted[field])
    .map((field): Edit => ({
      op: 'set',
      resource: policy,
      path: [...ref.path, field],
      value: wanted[field],
    }))
  return {
    title: `Target the waypoint "${gateway.name}" instead`,
    activates: 'policy',
    preferred: true,
    safe: false,
    edits,
  }
}
